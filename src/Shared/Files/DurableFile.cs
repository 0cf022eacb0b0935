using System.IO.Abstractions;

namespace IotOps.Shared;

/// <summary>
/// Replaces a file as a whole. The new content goes to <c>path.next</c>, is flushed to the disk and takes the file's name by a rename, which
/// is flushed as well: after a power cut the file holds the old content or the new one, never a part. It is its owner's alone.
/// </summary>
internal sealed class DurableFile : IDisposable
{
    /// <summary>What the file's name ends with until it is complete.</summary>
    public const string Suffix = ".next";

    private readonly IFileSystem _fileSystem;
    private readonly string _path;
    private readonly FileSystemStream _stream;
    private bool _isFlushed;

    /// <summary>Begins the new content.</summary>
    /// <param name="fileSystem">Where.</param>
    /// <param name="path">The file to replace or make; its directory must exist.</param>
    /// <param name="bufferSize">For content that is written in small pieces; 1 passes each write on.</param>
    /// <exception cref="IOException">The disk refused.</exception>
    public DurableFile(IFileSystem fileSystem, string path, int bufferSize = 1)
    {
        _fileSystem = fileSystem;
        _path = path;
        _stream = PrivateFiles.Open(fileSystem, path + Suffix, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize);
    }

    /// <summary>True once the old file has its other name, even if what follows fails.</summary>
    public bool HasKeptOld { get; private set; }

    /// <summary>True once the new content has the file's name, even if that cannot be flushed.</summary>
    public bool IsInPlace { get; private set; }

    /// <summary>Takes the new content.</summary>
    public Stream Content => _stream;

    /// <summary>Replaces a file in one call.</summary>
    /// <param name="fileSystem">Where.</param>
    /// <param name="path">The file to replace or make; its directory must exist.</param>
    /// <param name="content">All of it.</param>
    /// <param name="keepAs">The name that the old file keeps; null drops it.</param>
    /// <exception cref="IOException">The disk refused; the old content is still there.</exception>
    public static void Write(IFileSystem fileSystem, string path, ReadOnlySpan<byte> content, string? keepAs = null)
    {
        using var file = new DurableFile(fileSystem, path);
        file.Content.Write(content);
        file.Commit(keepAs);
    }

    /// <summary>Puts a directory's entries on the disk, where the system has that.</summary>
    public static void FlushDirectory(string directory)
    {
        // A file system in memory has directories that the system does not know.
        if (OperatingSystem.IsLinux() && Directory.Exists(directory))
        {
            LinuxDirectory.Flush(directory);
        }
    }

    /// <summary>Puts the new content on the disk, still under its other name, and takes no more.</summary>
    /// <exception cref="IOException">The disk refused; the old content is still there.</exception>
    public void Flush()
    {
        _stream.Flush(flushToDisk: true);
        _stream.Dispose();
        _isFlushed = true;
    }

    /// <summary>Lets the new content take the file's name.</summary>
    /// <param name="keepAs">The name that the old file keeps; null drops it.</param>
    /// <exception cref="IOException">The disk refused; the old content is still there, perhaps as <paramref name="keepAs"/>.</exception>
    public void Commit(string? keepAs = null)
    {
        if (!_isFlushed)
        {
            Flush();
        }

        if (keepAs is not null && _fileSystem.File.Exists(_path))
        {
            _fileSystem.File.Move(_path, keepAs, overwrite: true);
            HasKeptOld = true;
        }

        _fileSystem.File.Move(_path + Suffix, _path, overwrite: true);
        IsInPlace = true;
        FlushDirectory(Path.GetDirectoryName(Path.GetFullPath(_path))!);
    }

    /// <summary>Removes content that is not complete. Complete content stays, even under its other name: it may be the newest there is.</summary>
    public void Dispose()
    {
        if (_isFlushed)
        {
            return;
        }

        try
        {
            _stream.Dispose();
            _fileSystem.File.Delete(_path + Suffix);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The exception that ended the writing says why; the next writer overwrites the rest.
        }
    }
}
