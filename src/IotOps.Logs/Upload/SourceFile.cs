using System.IO.Abstractions;
using IotOps.Logs.Files;

namespace IotOps.Logs.Upload;

/// <summary>A file as it was when its upload began, or the beginning of one that grows.</summary>
internal sealed class SourceFile
{
    private readonly FileProbe _probe;
    private readonly FileOpener _opener;
    private readonly string _path;
    private readonly FileStat _first;
    private readonly bool _mayGrow;
    private Fingerprint _head;
    private WindowMark _end;

    private SourceFile(FileProbe probe, FileOpener opener, string path, in FileStat stat, S3UploaderPutOptions put)
    {
        (_probe, _opener, _path, _first) = (probe, opener, path, stat);
        _mayGrow = put.MayGrow || put.MaxBytes is not null;
        Length = Math.Min(stat.Size, put.MaxBytes ?? long.MaxValue);
    }

    /// <summary>Bytes to upload.</summary>
    public long Length { get; }

    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="IOException">
    /// It is a pipe or a device, is behind a link that is not followed, or says no size, as those of /proc do.
    /// </exception>
    public static SourceFile Look(IFileSystem fileSystem, string path, S3UploaderPutOptions put)
    {
        var probe = new FileProbe(fileSystem);
        FileStat stat = probe.JudgeWhole(path, out string? refusal);
        if (refusal is not null)
        {
            throw new IOException($"{path} is not uploaded: {refusal}.");
        }

        if (stat.Kind == FileKind.Other)
        {
            throw new IOException($"{path} is no regular file: a pipe or a device has no size to announce. Upload a copy of what it gives.");
        }

        if (!stat.IsRegular)
        {
            throw new FileNotFoundException($"There is no file {path} to upload.", path);
        }

        var file = new SourceFile(probe, new FileOpener(fileSystem, probe), path, stat, put);
        if (stat.Size == 0)
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
        Stream stream = _opener.Open(_path, FileOptions.Asynchronous | FileOptions.SequentialScan);
        stream.Position = offset;
        return stream;
    }

    /// <exception cref="InvalidDataException">The object would hold some of the old content and some of the new.</exception>
    public void ThrowIfChanged()
    {
        FileStat now = _probe.JudgeWhole(_path, out _);
        if (now.IsRegular && now.Size == _first.Size && now.ModifiedNs == _first.ModifiedNs)
        {
            return;
        }

        bool isOther = now.IsRegular && _mayGrow && now.Identity != _first.Identity;
        if (!now.IsRegular || !_mayGrow || isOther || now.Size < Length || Known() != (_head, _end))
        {
            string what = !now.IsRegular ? "it is gone"
                : isOther ? "it is another file by now"
                : now.Size >= Length && _mayGrow ? "what it held is another by now"
                : $"{_first.Size} bytes then, {now.Size} now";
            string cure = _mayGrow ? "Upload a copy." : "Upload a copy, wait until nobody writes to it, or let it grow (MayGrow, put --growing).";
            throw new InvalidDataException($"{_path} changed while it was uploaded ({what}). {cure}");
        }
    }

    // Files of /proc have the size 0 and text all the same; stored as they announce themselves, nothing would be left of it.
    private void ThrowIfItHoldsSomething()
    {
        using Stream stream = _opener.Open(_path);
        if (stream.ReadByte() >= 0)
        {
            throw new IOException($"{_path} holds more than its size of 0 bytes says, as files of /proc do. Upload a copy of it.");
        }
    }

    /// <summary>What stands at the start and before the end of what is uploaded: in a file that only grows it stays.</summary>
    private (Fingerprint Head, WindowMark End) Known()
    {
        using Stream stream = _opener.Open(_path);
        var content = new PlainContent(stream, _path, _probe);
        Span<byte> window = stackalloc byte[Fingerprint.WindowLength];
        int read = content.Read(0, window[..(int)Math.Min(Length, Fingerprint.HeadLength)]);
        var head = Fingerprint.Of(window[..read]);
        int back = (int)Math.Min(Length, Fingerprint.WindowLength);
        read = content.Read(Length - back, window[..back]);
        return (head, new WindowMark(Length, Fingerprint.Of(window[..read])));
    }
}
