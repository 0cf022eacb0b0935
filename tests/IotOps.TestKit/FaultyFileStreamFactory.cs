using System.IO.Abstractions;
using Microsoft.Win32.SafeHandles;

namespace IotOps.TestKit;

/// <summary>Opens files on a disk with faults. Only by path: a handle says nothing about which file it is.</summary>
internal sealed class FaultyFileStreamFactory(FaultyFileSystem disk) : IFileStreamFactory
{
    private const int DefaultBufferSize = 4096;

    public IFileSystem FileSystem => disk;

    public FileSystemStream New(string path, FileMode mode) =>
        New(path, mode, mode == FileMode.Append ? FileAccess.Write : FileAccess.ReadWrite);

    public FileSystemStream New(string path, FileMode mode, FileAccess access) => New(path, mode, access, FileShare.Read);

    public FileSystemStream New(string path, FileMode mode, FileAccess access, FileShare share) =>
        New(path, mode, access, share, DefaultBufferSize);

    public FileSystemStream New(string path, FileMode mode, FileAccess access, FileShare share, int bufferSize) =>
        New(path, mode, access, share, bufferSize, FileOptions.None);

    public FileSystemStream New(string path, FileMode mode, FileAccess access, FileShare share, int bufferSize, bool useAsync) =>
        New(path, mode, access, share, bufferSize, useAsync ? FileOptions.Asynchronous : FileOptions.None);

    public FileSystemStream New(string path, FileMode mode, FileAccess access, FileShare share, int bufferSize, FileOptions options) =>
        Open(path, new FileStreamOptions { Mode = mode, Access = access, Share = share, BufferSize = bufferSize, Options = options });

    public FileSystemStream New(string path, FileStreamOptions options) => Open(path, options);

    public FileSystemStream New(SafeFileHandle handle, FileAccess access) => throw ByHandle();

    public FileSystemStream New(SafeFileHandle handle, FileAccess access, int bufferSize) => throw ByHandle();

    public FileSystemStream New(SafeFileHandle handle, FileAccess access, int bufferSize, bool isAsync) => throw ByHandle();

    public FileSystemStream Wrap(FileStream fileStream) => throw ByHandle();

    private FaultyFileSystemStream Open(string path, FileStreamOptions options)
    {
        disk.Opening(path);
        return new(new FaultyFileStream(disk, path, options), path, options.Options.HasFlag(FileOptions.Asynchronous));
    }

    private static NotSupportedException ByHandle() => new("Open files by path: faults belong to paths.");
}
