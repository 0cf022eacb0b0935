using System.IO.Compression;

namespace IotOps.Logs.Files;

/// <summary>What a gzip file holds. Reads forward; going back beyond what is kept in memory starts over.</summary>
internal sealed class GzipContent(Func<Stream> open, string path, FileProbe probe) : SourceContent
{
    private const int BlockSize = 128 << 10;

    private byte[] _kept = [];
    private long _keptStart;
    private int _keptLength;
    private readonly Stream _file = open();
    private GZipStream? _text;
    private bool _ended;

    public override bool IsImmutable => true;

    /// <summary>Why reading ended before the file did; null when it is whole so far.</summary>
    public string? Damage { get; private set; }

    public static bool IsGzip(ReadOnlySpan<byte> head) => head is [0x1F, 0x8B, 0x08, ..];

    public override int Read(long offset, Span<byte> target)
    {
        if (_text is null || offset < _keptStart)
        {
            Restart();
        }

        int filled = 0;
        while (filled < target.Length)
        {
            long at = offset + filled;
            if (at < _keptStart + _keptLength)
            {
                int skip = (int)(at - _keptStart);
                int count = Math.Min(_keptLength - skip, target.Length - filled);
                _kept.AsSpan(skip, count).CopyTo(target[filled..]);
                filled += count;
            }
            else if (!ReadBlock(target.Length))
            {
                break;
            }
        }

        return filled;
    }

    /// <summary>Reads to the end and says whether the file is whole.</summary>
    public bool IsWhole(out long length)
    {
        Restart();
        while (ReadBlock(BlockSize))
        {
        }

        length = _keptStart + _keptLength;
        return Damage is null;
    }

    public override FileStat Stat() => probe.Stat(_file, path);

    public override void Dispose()
    {
        _text?.Dispose();
        _file.Dispose();
    }

    private void Restart()
    {
        _text?.Dispose();
        _text = null;
        _file.Position = 0;
        _text = new GZipStream(_file, CompressionMode.Decompress, leaveOpen: true);
        _keptStart = 0;
        _keptLength = 0;
        _ended = false;
        Damage = null;
    }

    /// <summary>Decompresses one block more, and keeps as much before it as the reader may ask for again.</summary>
    private bool ReadBlock(int keep)
    {
        if (_ended)
        {
            return false;
        }

        keep = Math.Max(keep, BlockSize);
        if (_kept.Length < keep + BlockSize)
        {
            Array.Resize(ref _kept, keep + BlockSize);
        }

        if (_keptLength + BlockSize > _kept.Length)
        {
            int drop = _keptLength - keep;
            _kept.AsSpan(drop, keep).CopyTo(_kept);
            _keptStart += drop;
            _keptLength = keep;
        }

        int read = 0;
        try
        {
            read = _text!.Read(_kept, _keptLength, BlockSize);
        }
        catch (InvalidDataException e)
        {
            Damage = e.Message;
        }
        catch (Exception e) when (FileFault.Is(e))
        {
            // The decompressor may have taken a part of what it was reading: the next try begins anew.
            _text!.Dispose();
            _text = null;
            throw;
        }

        _keptLength += read;
        _ended = read == 0;
        return !_ended;
    }
}
