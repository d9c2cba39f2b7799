package io.tributary.integrations.ftp;

import java.util.List;

/**
 * Which files are synced: those that match one of {@code include}, or all when there is none, unless they or a
 * directory they are in match one of {@code exclude}.
 */
record FileFilter(List<Glob> include, List<Glob> exclude) {

    FileFilter {
        include = List.copyOf(include);
        exclude = List.copyOf(exclude);
    }

    boolean takesFile(RemotePath root, RemotePath file) {
        return (include.isEmpty() || matchesAny(include, root, file)) && !matchesAny(exclude, root, file);
    }

    boolean takesDirectory(RemotePath root, RemotePath directory) {
        return !matchesAny(exclude, root, directory);
    }

    private static boolean matchesAny(List<Glob> globs, RemotePath root, RemotePath path) {
        if (globs.isEmpty()) {
            return false;
        }
        String absolute = path.text();
        String relative = path.wire().startsWith(root.wire())
                ? RemotePath.textOf(
                        path.wire().substring(root.isRoot() ? 1 : root.wire().length() + 1))
                : absolute;
        return globs.stream().anyMatch(glob -> glob.matches(relative, absolute));
    }
}
