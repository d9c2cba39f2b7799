package io.tributary.scheduler.testing;

/** Manifests as workers announce them. */
public final class ManifestJson {

    /** Takes no credentials; its initial task is listGreetings, of priority 2. */
    public static final String HELLO = """
        {"domain": "hello", "version": "1.0.0", "displayName": "Hello", "auth": [],
         "configSchema": {"type": "object", "additionalProperties": false,
           "properties": {"count": {"type": "integer", "minimum": 1}, "greeting": {"type": "string"}}},
         "syncTypes": [{"name": "default", "initialTask": "listGreetings", "intervalSeconds": 900}],
         "taskTypes": [{"name": "listGreetings", "priority": 2}, {"name": "greet", "priority": 5},
                       {"name": "wave", "priority": 2}],
         "actions": [{"name": "wave", "inputSchema": {"type": "object"}, "repeat": "repeat"}],
         "limits": {"concurrency": 8, "requestsPerSecond": null, "burst": 8}}
        """;

    /** Takes a user name and a password. */
    public static final String MAIL = """
        {"domain": "mail", "version": "2.1.0", "displayName": "Mail", "auth": ["basic"],
         "configSchema": {"type": "object", "required": ["host", "port"], "additionalProperties": false,
           "properties": {"host": {"type": "string", "minLength": 1},
                          "port": {"type": "integer", "minimum": 1, "maximum": 65535},
                          "note": {}, "security": {"enum": ["tls", "starttls", "none"]}}},
         "syncTypes": [{"name": "messages", "initialTask": "listMessages", "intervalSeconds": 900}],
         "taskTypes": [{"name": "listMessages", "priority": 3}]}
        """;

    /** Takes an access token, or what to renew one with, or an API key. */
    public static final String CLOUD = """
        {"domain": "cloud", "version": "1.0.0", "displayName": "Cloud", "auth": ["oauth2", "apiKey"],
         "configSchema": {"type": "object"},
         "syncTypes": [{"name": "default", "initialTask": "list", "intervalSeconds": 900}],
         "taskTypes": [{"name": "list", "priority": 2}]}
        """;

    /** Takes an API key, and can say whose it is. */
    public static final String HUB = """
        {"domain": "hub", "version": "1.0.0", "displayName": "Hub", "auth": ["apiKey"], "connects": true,
         "configSchema": {"type": "object"},
         "syncTypes": [{"name": "default", "initialTask": "list", "intervalSeconds": 900}],
         "taskTypes": [{"name": "list", "priority": 2}]}
        """;

    /** Has three sync types. */
    public static final String CHAT = """
        {"domain": "chat", "version": "1.0.0", "displayName": "Chat", "auth": [],
         "configSchema": {"type": "object"},
         "syncTypes": [{"name": "messages", "initialTask": "listMessages", "intervalSeconds": 300},
                       {"name": "presence", "initialTask": "listPresence", "intervalSeconds": 10},
                       {"name": "members", "initialTask": "listMembers", "intervalSeconds": 86400}],
         "taskTypes": [{"name": "listMessages", "priority": 2}, {"name": "listPresence", "priority": 2},
                       {"name": "listMembers", "priority": 2}]}
        """;

    /** Syncs nothing; has the actions send and charge. */
    public static final String COURIER = """
        {"domain": "courier", "version": "1.0.0", "displayName": "Courier", "auth": [],
         "configSchema": {"type": "object"}, "syncTypes": [],
         "taskTypes": [{"name": "send", "priority": 2}, {"name": "charge", "priority": 2}],
         "actions": [
           {"name": "send", "repeat": "key", "inputSchema": {"type": "object", "required": ["text"],
             "properties": {"text": {"type": "string"}}}},
           {"name": "charge", "repeat": "ask", "inputSchema": {"type": "object"}}]}
        """;

    private ManifestJson() {}
}
