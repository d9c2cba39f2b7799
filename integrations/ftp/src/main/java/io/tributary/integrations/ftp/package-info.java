/**
 * Syncs the files below a directory of an FTP (RFC 959, 2228, 2389, 3659), FTPS (RFC 4217) or SFTP
 * (draft-ietf-secsh-filexfer-02) server.
 *
 * <p>A file is known by its path; its content is its bytes as text. {@link
 * io.tributary.integrations.ftp.ListDirectory} compares a directory with the files that the last run knew, {@link
 * io.tributary.integrations.ftp.KnownFiles}, and returns a task for each directory below and each file that is new or
 * changed; {@link io.tributary.integrations.ftp.DownloadFile} downloads one file, whole or not at all. Nothing on the
 * server changes.
 *
 * <p>Links to files are followed, links to directories are not: their target is synced in its own place, if that is
 * below the configured path. Devices, pipes and sockets are left alone.
 */
@NullMarked
package io.tributary.integrations.ftp;

import org.jspecify.annotations.NullMarked;
