using System.IO.Abstractions;
using Microsoft.Win32.SafeHandles;

namespace IotOps.Logs.Files;

/// <summary>Opens files for reading, through links only where <see cref="LinuxWalk"/> follows them.</summary>
internal sealed class FileOpener(IFileSystem fileSystem, FileProbe probe)
{
    private readonly bool _isReal = fileSystem is FileSystem;

    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not read it.</exception>
    /// <exception cref="IOException">A link in the path is not followed, it is no regular file, or the disk refuses.</exception>
    public FileSystemStream Open(string path, FileOptions options = FileOptions.None)
    {
        if (_isReal && OperatingSystem.IsLinux())
        {
            SafeFileHandle handle = LinuxWalk.Open(path);
            if (options.HasFlag(FileOptions.SequentialScan))
            {
                LinuxFiles.AnnounceSequentialReading(handle);
            }

            return fileSystem.FileStream.New(handle, FileAccess.Read, bufferSize: 1);
        }

        // A host's own file system opens by name only: what it opened is compared with what was judged.
        FileStat judged = probe.JudgeWhole(path, out string? refusal);
        if (refusal is not null)
        {
            throw new IOException(refusal);
        }

        FileSystemStream stream = fileSystem.FileStream.New(
            path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 1, options);
        if (judged.IsRegular && probe.Stat(stream, path).Identity != judged.Identity)
        {
            stream.Dispose();
            throw new IOException($"It was exchanged while it was opened: '{path}'");
        }

        return stream;
    }
}
