using System.IO.Abstractions;

namespace IotOps.Shared;

/// <summary>
/// Files and directories that their owner alone may use: files 0600, directories 0700, whatever the umask is. State holds what its sources
/// hold, such as log lines that only root may read.
/// </summary>
internal static class PrivateFiles
{
    private const UnixFileMode File = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Directory = File | UnixFileMode.UserExecute;

    private const UnixFileMode ForOthers =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <summary>Opens a file for writing, which is made when it is missing. One that was there before is closed to others.</summary>
    /// <exception cref="IOException">The disk refused.</exception>
    public static FileSystemStream Open(IFileSystem fileSystem, string path, FileMode mode, FileAccess access, FileShare share, int bufferSize = 1)
    {
        var options = new FileStreamOptions { Mode = mode, Access = access, Share = share, BufferSize = bufferSize };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = File;
        }

        FileSystemStream stream = fileSystem.FileStream.New(path, options);
        if (mode != FileMode.CreateNew)
        {
            Close(fileSystem, path);
        }

        return stream;
    }

    /// <summary>Makes a directory and those above it that are missing. One that is there stays as it is: it may be others' too.</summary>
    /// <exception cref="IOException">The disk refused.</exception>
    public static void CreateDirectory(IFileSystem fileSystem, string path)
    {
        if (OperatingSystem.IsWindows())
        {
            fileSystem.Directory.CreateDirectory(path);
            return;
        }

        // One by one: the system's call gives the mode to the last of them only.
        var missing = new Stack<string>();
        for (string? each = Path.GetFullPath(path); each is not null && !fileSystem.Directory.Exists(each); each = Path.GetDirectoryName(each))
        {
            missing.Push(each);
        }

        foreach (string each in missing)
        {
            fileSystem.Directory.CreateDirectory(each, Directory);
        }
    }

    /// <summary>Takes what group and others may do with a file of an older version from them. A link is left alone: what it points to is not ours.</summary>
    public static void Close(IFileSystem fileSystem, string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        try
        {
            if (fileSystem.File.Exists(path) && fileSystem.File.GetUnixFileMode(path) is var mode && (mode & ForOthers) != UnixFileMode.None
                && fileSystem.FileInfo.New(path).LinkTarget is null)
            {
                fileSystem.File.SetUnixFileMode(path, mode & ~ForOthers);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Another user's file, or a file system without modes, such as an SD card's: whoever mounts it decides, and the mode of the
            // directory is said at the start.
        }
    }

    /// <summary>The mode of a directory in octal digits, when others have one of the given rights; null when they have none.</summary>
    public static string? OpenMode(IFileSystem fileSystem, string directory, UnixFileMode rights = ForOthers)
    {
        if (OperatingSystem.IsWindows())
        {
            return null;
        }

        try
        {
            UnixFileMode mode = fileSystem.File.GetUnixFileMode(directory);
            return (mode & rights) == UnixFileMode.None ? null : Convert.ToString((int)mode, 8);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It is not there, or not to be looked at; whoever uses it next says so.
            return null;
        }
    }
}
