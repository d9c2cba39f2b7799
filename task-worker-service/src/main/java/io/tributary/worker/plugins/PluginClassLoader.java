package io.tributary.worker.plugins;

import io.tributary.integrations.api.Integration;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.security.CodeSource;
import java.security.cert.Certificate;
import java.util.Collections;
import java.util.Enumeration;

/**
 * Loads one plugin: its own jars, the JDK, and of the worker nothing but the SPI. Two plugins can have two versions of
 * a library. A plugin cannot depend on libraries of the worker; some calls are restricted, see {@link RestrictCalls}.
 */
final class PluginClassLoader extends URLClassLoader {

    private static final String SPI = Integration.class.getPackageName() + ".";
    private static final String NULLNESS = "org.jspecify.annotations.";

    static {
        registerAsParallelCapable();
    }

    private final ClassLoader worker = Integration.class.getClassLoader();
    private final RestrictCalls restrictCalls = new RestrictCalls(this);

    PluginClassLoader(String name, URL[] jars) {
        super("plugin-" + name, jars, ClassLoader.getPlatformClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (name.startsWith(SPI) || name.startsWith(NULLNESS)) {
            return worker.loadClass(name);
        }
        return super.loadClass(name, resolve);
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        URL url = findResource(name.replace('.', '/') + ".class");
        if (url == null) {
            throw new ClassNotFoundException(name);
        }
        byte[] code;
        try (InputStream in = url.openStream()) {
            code = in.readAllBytes();
        } catch (IOException e) {
            throw new ClassNotFoundException(name, e);
        }
        if (!restrictCalls.concerns(code)) {
            return super.findClass(name);
        }
        byte[] changed = restrictCalls.in(code);
        return defineClass(name, changed, 0, changed.length, new CodeSource(url, (Certificate[]) null));
    }

    /** Own resources before those of the platform; the worker's are not seen. */
    @Override
    public Enumeration<URL> getResources(String name) throws IOException {
        var own = Collections.list(findResources(name));
        own.addAll(Collections.list(getParent().getResources(name)));
        return Collections.enumeration(own);
    }
}
