using System.IO.Abstractions;
using Microsoft.Win32.SafeHandles;

namespace IotOps.TestKit;

/// <summary>Opens files on a disk with faults. Only by path: a handle says nothing about which file it is.</summary>
internal sealed class FaultyFileStreamFactory(FaultyFileSystem disk) : IFileStreamFactory
{
    private const int DefaultBufferSize = 4096;

    public Stream Create(string path, FileMode mode) =>
        Create(path, mode, mode == FileMode.Append ? FileAccess.Write : FileAccess.ReadWrite);

    public Stream Create(string path, FileMode mode, FileAccess access) => Create(path, mode, access, FileShare.Read);

    public Stream Create(string path, FileMode mode, FileAccess access, FileShare share) =>
        Create(path, mode, access, share, DefaultBufferSize);

    public Stream Create(string path, FileMode mode, FileAccess access, FileShare share, int bufferSize) =>
        Create(path, mode, access, share, bufferSize, FileOptions.None);

    public Stream Create(string path, FileMode mode, FileAccess access, FileShare share, int bufferSize, bool useAsync) =>
        Create(path, mode, access, share, bufferSize, useAsync ? FileOptions.Asynchronous : FileOptions.None);

    public Stream Create(string path, FileMode mode, FileAccess access, FileShare share, int bufferSize, FileOptions options) =>
        new FaultyFileStream(disk, path, mode, access, share, bufferSize, options);

    public Stream Create(SafeFileHandle handle, FileAccess access) => throw ByHandle();

    public Stream Create(SafeFileHandle handle, FileAccess access, int bufferSize) => throw ByHandle();

    public Stream Create(SafeFileHandle handle, FileAccess access, int bufferSize, bool isAsync) => throw ByHandle();

    public Stream Create(IntPtr handle, FileAccess access) => throw ByHandle();

    public Stream Create(IntPtr handle, FileAccess access, bool ownsHandle) => throw ByHandle();

    public Stream Create(IntPtr handle, FileAccess access, bool ownsHandle, int bufferSize) => throw ByHandle();

    public Stream Create(IntPtr handle, FileAccess access, bool ownsHandle, int bufferSize, bool isAsync) => throw ByHandle();

    private static NotSupportedException ByHandle() => new("Open files by path: faults belong to paths.");
}
