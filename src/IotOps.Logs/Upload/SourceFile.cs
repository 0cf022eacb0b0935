using System.IO.Abstractions;
using IotOps.Logs.Files;

namespace IotOps.Logs.Upload;

/// <summary>A file as it was when its upload began.</summary>
internal sealed class SourceFile
{
    private readonly IFileSystem _fileSystem;
    private readonly string _path;
    private readonly DateTime _changed;

    private SourceFile(IFileSystem fileSystem, string path, IFileInfo info)
    {
        (_fileSystem, _path) = (fileSystem, path);
        (Length, _changed) = (info.Length, info.LastWriteTimeUtc);
    }

    public long Length { get; }

    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="IOException">It is a pipe or a device, or says no size, as those of /proc do.</exception>
    public static SourceFile Look(IFileSystem fileSystem, string path)
    {
        IFileInfo info = fileSystem.FileInfo.New(path);
        if (!info.Exists)
        {
            throw new FileNotFoundException($"There is no file {path} to upload.", path);
        }

        if (new FileProbe(fileSystem).Stat(path).Kind == FileKind.Other)
        {
            throw new IOException($"{path} is no regular file: a pipe or a device has no size to announce. Upload a copy of what it gives.");
        }

        var file = new SourceFile(fileSystem, path, info);
        if (info.Length == 0)
        {
            file.ThrowIfItHoldsSomething();
        }

        return file;
    }

    // Files of /proc have the size 0 and text all the same; stored as they announce themselves, nothing would be left of it.
    private void ThrowIfItHoldsSomething()
    {
        using Stream stream = _fileSystem.FileStream.New(_path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        if (stream.ReadByte() >= 0)
        {
            throw new IOException($"{_path} holds more than its size of 0 bytes says, as files of /proc do. Upload a copy of it.");
        }
    }

    public Stream Open(long offset)
    {
        ThrowIfChanged();
        Stream stream = _fileSystem.FileStream.New(
            _path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 1, FileOptions.Asynchronous | FileOptions.SequentialScan);
        stream.Position = offset;
        return stream;
    }

    /// <exception cref="InvalidDataException">The object would hold some of the old content and some of the new.</exception>
    public void ThrowIfChanged()
    {
        IFileInfo now = _fileSystem.FileInfo.New(_path);
        if (!now.Exists || now.Length != Length || now.LastWriteTimeUtc != _changed)
        {
            string what = now.Exists ? $"{Length} bytes then, {now.Length} now" : "it is gone";
            throw new InvalidDataException($"{_path} changed while it was uploaded ({what}). Upload a copy, or wait until nobody writes to it.");
        }
    }
}
