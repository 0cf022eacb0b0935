using System.IO.Abstractions;

namespace IotOps.TestKit;

/// <summary>
/// The real file system with the faults a device's disk has: full, refusing to read, to flush, to rename. Healthy until told otherwise.
/// </summary>
/// <remarks>
/// Streams wrap real <see cref="System.IO.FileStream"/>s; what is written through their
/// <see cref="System.IO.FileStream.SafeFileHandle"/> goes past the faults. Safe for concurrent use.
/// </remarks>
public sealed class FaultyFileSystem : FileSystemBase
{
    private readonly FileSystem _real = new();
    private long _freeBytes = long.MaxValue;
    private int _writes;
    private int _flushes;
    private int _renames;

    /// <summary>A healthy disk.</summary>
    public FaultyFileSystem()
    {
        File = new FaultyFile(this);
        FileStream = new FaultyFileStreamFactory(this);
    }

    /// <summary>Bytes the disk still takes. A write beyond puts down what fits, a torn write, and throws "No space left on device".</summary>
    public long FreeBytes
    {
        get => Interlocked.Read(ref _freeBytes);
        set => Interlocked.Exchange(ref _freeBytes, value);
    }

    /// <summary>Renames throw, and leave both names as they were.</summary>
    public bool FailRenames { get; set; }

    /// <summary>Flushes to the disk throw; what was written may or may not be there.</summary>
    public bool FailFlushes { get; set; }

    /// <summary>Reads through streams throw; the file itself opens.</summary>
    public bool FailReads { get; set; }

    /// <summary>Opening a file throws.</summary>
    public bool FailOpens { get; set; }

    /// <summary>Which paths the faults are for; all by default.</summary>
    public Func<string, bool> Affects { get; set; } = static _ => true;

    /// <summary>Writes that were tried.</summary>
    public int Writes => Volatile.Read(ref _writes);

    /// <summary>Flushes to the disk that were tried.</summary>
    public int Flushes => Volatile.Read(ref _flushes);

    /// <summary>Renames that were tried.</summary>
    public int Renames => Volatile.Read(ref _renames);

    /// <inheritdoc/>
    public override IFile File { get; }

    /// <inheritdoc/>
    public override IFileStreamFactory FileStream { get; }

    /// <inheritdoc/>
    public override IDirectory Directory => _real.Directory;

    /// <inheritdoc/>
    public override IFileInfoFactory FileInfo => _real.FileInfo;

    /// <inheritdoc/>
    public override IPath Path => _real.Path;

    /// <inheritdoc/>
    public override IDirectoryInfoFactory DirectoryInfo => _real.DirectoryInfo;

    /// <inheritdoc/>
    public override IDriveInfoFactory DriveInfo => _real.DriveInfo;

    /// <inheritdoc/>
    public override IFileVersionInfoFactory FileVersionInfo => _real.FileVersionInfo;

    /// <inheritdoc/>
    public override IRandomAccess RandomAccess => _real.RandomAccess;

    /// <inheritdoc/>
    public override IFileSystemWatcherFactory FileSystemWatcher => _real.FileSystemWatcher;

    /// <summary>Takes room for a write, and returns how much of it fits.</summary>
    internal int Reserve(string path, int count)
    {
        Interlocked.Increment(ref _writes);
        if (!Affects(path))
        {
            return count;
        }

        while (true)
        {
            long free = FreeBytes;
            int fits = (int)Math.Clamp(free, 0, count);
            if (free == long.MaxValue || Interlocked.CompareExchange(ref _freeBytes, free - fits, free) == free)
            {
                return fits;
            }
        }
    }

    internal void Flushing(string path)
    {
        Interlocked.Increment(ref _flushes);
        if (FailFlushes && Affects(path))
        {
            throw new IOException($"Input/output error : '{path}'");
        }
    }

    internal void Opening(string path)
    {
        if (FailOpens && Affects(path))
        {
            throw new IOException($"Input/output error : '{path}'");
        }
    }

    internal void Reading(string path)
    {
        if (FailReads && Affects(path))
        {
            throw new IOException($"Input/output error : '{path}'");
        }
    }

    internal void Renaming(string from, string to)
    {
        Interlocked.Increment(ref _renames);
        if (FailRenames && (Affects(from) || Affects(to)))
        {
            throw new IOException($"Input/output error : '{from}' -> '{to}'");
        }
    }

    private sealed class FaultyFile(FaultyFileSystem owner) : FileWrapper(owner)
    {
        public override void Move(string sourceFileName, string destFileName)
        {
            owner.Renaming(sourceFileName, destFileName);
            base.Move(sourceFileName, destFileName);
        }

        public override void Move(string sourceFileName, string destFileName, bool overwrite)
        {
            owner.Renaming(sourceFileName, destFileName);
            base.Move(sourceFileName, destFileName, overwrite);
        }

        public override void Replace(string sourceFileName, string destinationFileName, string destinationBackupFileName)
        {
            owner.Renaming(sourceFileName, destinationFileName);
            base.Replace(sourceFileName, destinationFileName, destinationBackupFileName);
        }
    }
}
