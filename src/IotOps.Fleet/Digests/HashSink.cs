using System.Buffers;
using System.Security.Cryptography;

namespace IotOps.Fleet.Digests;

/// <summary>Hashes what is written, and keeps it where that is wanted.</summary>
internal sealed class HashSink : IBufferWriter<byte>, IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private byte[] _piece = new byte[128 << 10];
    private ArrayBufferWriter<byte>? _kept;
    private long _keptLimit;

    /// <summary>Bytes written.</summary>
    public long Length { get; private set; }

    /// <summary>What was written, where it is kept.</summary>
    public ReadOnlyMemory<byte> Kept => _kept?.WrittenMemory ?? default;

    /// <summary>Begins another file.</summary>
    /// <param name="keep">Bytes to keep at most; 0 for none. More of them are a fault.</param>
    public void Begin(long keep)
    {
        Span<byte> unused = stackalloc byte[SHA256.HashSizeInBytes];
        _hash.GetHashAndReset(unused);
        Length = 0;
        _keptLimit = keep;
        _kept = keep > 0 ? new ArrayBufferWriter<byte>() : null;
    }

    /// <summary>The hash of all that was written, in lower-case hexadecimal digits.</summary>
    public string End() => Convert.ToHexStringLower(_hash.GetHashAndReset());

    /// <exception cref="InvalidDataException">There is more than may be kept.</exception>
    public void Advance(int count)
    {
        _hash.AppendData(_piece, 0, count);
        Length += count;
        if (_kept is not null)
        {
            if (Length > _keptLimit)
            {
                throw new InvalidDataException($"It is longer than {_keptLimit} bytes.");
            }

            _kept.Write(_piece.AsSpan(0, count));
        }
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        if (_piece.Length < sizeHint)
        {
            _piece = new byte[sizeHint];
        }

        return _piece;
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public void Dispose() => _hash.Dispose();
}
