using System.IO.Abstractions;
using IotOps.Logs.Files;

namespace IotOps.Logs.Upload;

/// <summary>A file as it was when its upload began, or the beginning of one that grows.</summary>
internal sealed class SourceFile
{
    private readonly IFileSystem _fileSystem;
    private readonly FileProbe _probe;
    private readonly string _path;
    private readonly FileIdentity _identity;
    private readonly long _size;
    private readonly DateTime _changed;
    private readonly bool _mayGrow;
    private Fingerprint _head;
    private WindowMark _end;

    private SourceFile(IFileSystem fileSystem, FileProbe probe, string path, IFileInfo info, FileIdentity identity, S3UploaderPutOptions put)
    {
        (_fileSystem, _probe, _path, _identity) = (fileSystem, probe, path, identity);
        (_size, _changed) = (info.Length, info.LastWriteTimeUtc);
        _mayGrow = put.MayGrow || put.MaxBytes is not null;
        Length = Math.Min(_size, put.MaxBytes ?? long.MaxValue);
    }

    /// <summary>Bytes to upload.</summary>
    public long Length { get; }

    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="IOException">It is a pipe or a device, or says no size, as those of /proc do.</exception>
    public static SourceFile Look(IFileSystem fileSystem, string path, S3UploaderPutOptions put)
    {
        var probe = new FileProbe(fileSystem);
        IFileInfo info = fileSystem.FileInfo.New(path);
        if (!info.Exists)
        {
            throw new FileNotFoundException($"There is no file {path} to upload.", path);
        }

        FileStat stat = probe.Stat(path);
        if (stat.Kind == FileKind.Other)
        {
            throw new IOException($"{path} is no regular file: a pipe or a device has no size to announce. Upload a copy of what it gives.");
        }

        var file = new SourceFile(fileSystem, probe, path, info, stat.Identity, put);
        if (info.Length == 0)
        {
            file.ThrowIfItHoldsSomething();
        }
        else if (file._mayGrow)
        {
            (file._head, file._end) = file.Known();
        }

        return file;
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
        if (now.Exists && now.Length == _size && now.LastWriteTimeUtc == _changed)
        {
            return;
        }

        bool isOther = now.Exists && _mayGrow && _probe.Stat(_path).Identity != _identity;
        if (!now.Exists || !_mayGrow || isOther || now.Length < Length || Known() != (_head, _end))
        {
            string what = !now.Exists ? "it is gone"
                : isOther ? "it is another file by now"
                : now.Length >= Length && _mayGrow ? "what it held is another by now"
                : $"{_size} bytes then, {now.Length} now";
            string cure = _mayGrow ? "Upload a copy." : "Upload a copy, wait until nobody writes to it, or let it grow (MayGrow, put --growing).";
            throw new InvalidDataException($"{_path} changed while it was uploaded ({what}). {cure}");
        }
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

    /// <summary>What stands at the start and before the end of what is uploaded: in a file that only grows it stays.</summary>
    private (Fingerprint Head, WindowMark End) Known()
    {
        using Stream stream = _fileSystem.FileStream.New(_path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var content = new PlainContent(stream, _path, _probe);
        Span<byte> window = stackalloc byte[Fingerprint.WindowLength];
        int read = content.Read(0, window[..(int)Math.Min(Length, Fingerprint.HeadLength)]);
        var head = Fingerprint.Of(window[..read]);
        int back = (int)Math.Min(Length, Fingerprint.WindowLength);
        read = content.Read(Length - back, window[..back]);
        return (head, new WindowMark(Length, Fingerprint.Of(window[..read])));
    }
}
