using System.Buffers;
using System.IO.Abstractions;

namespace IotOps.Defender.Linux;

/// <summary>The lines of one of the kernel's text files, out of one rented buffer.</summary>
/// <remarks>
/// The kernel makes such a file while it is read, about 4 KiB a call however much is asked for, so a larger buffer wins nothing; asking for less
/// than that costs more calls. The file ends where a read gives nothing, whatever its length claims.
/// </remarks>
internal ref struct ProcLines
{
    private const int BufferBytes = 16 * 1024;

    private readonly string _path;
    private readonly Stream _stream;
    private readonly byte[] _buffer;
    private int _begin;
    private int _end;
    private int _number;

    /// <exception cref="IOException">The file is not there.</exception>
    /// <exception cref="UnauthorizedAccessException">The file is not ours to read.</exception>
    public ProcLines(IFileSystem fileSystem, string path)
    {
        _path = path;
        _stream = fileSystem.FileStream.New(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1);
        _buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
    }

    /// <summary>The next line without its end, valid until the next call; false at the end of the file.</summary>
    /// <exception cref="InvalidDataException">The file ends within a line, or a line is longer than any of the kernel's.</exception>
    public bool Next(out ReadOnlySpan<byte> line)
    {
        int searched = 0;
        while (true)
        {
            int length = _buffer.AsSpan(_begin + searched, _end - _begin - searched).IndexOf((byte)'\n');
            if (length >= 0)
            {
                line = _buffer.AsSpan(_begin, searched + length);
                _begin += searched + length + 1;
                _number++;
                return true;
            }

            searched = _end - _begin;
            if (!Fill())
            {
                line = default;
                return searched == 0 ? false : throw Malformed("ends within a line");
            }
        }
    }

    /// <summary>Lines so far.</summary>
    public readonly int Count => _number;

    /// <summary>What to throw for the line that <see cref="Next"/> gave last.</summary>
    public readonly InvalidDataException MalformedLine() => Malformed("is not as the kernel writes it");

    public readonly void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _stream.Dispose();
    }

    private readonly InvalidDataException Malformed(string what) => new($"'{_path}' {what}, at line {_number}");

    private bool Fill()
    {
        int rest = _end - _begin;
        _buffer.AsSpan(_begin, rest).CopyTo(_buffer);
        (_begin, _end) = (0, rest);
        if (rest >= BufferBytes / 2)
        {
            throw Malformed("has a line without an end");
        }

        int read = _stream.Read(_buffer, rest, _buffer.Length - rest);
        _end += read;
        return read > 0;
    }
}
