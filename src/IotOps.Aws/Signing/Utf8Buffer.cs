using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace IotOps.Aws.Signing;

/// <summary>UTF-8 text under construction in a rented array, wiped before it goes back: it has held a session token.</summary>
internal struct Utf8Buffer(int capacity) : IDisposable
{
    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(capacity);
    private int _length;

    public readonly ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _length);

    public readonly int Length => _length;

    public void Append(byte value)
    {
        Reserve(1);
        _bytes[_length++] = value;
    }

    public void Append(scoped ReadOnlySpan<byte> value)
    {
        Reserve(value.Length);
        value.CopyTo(_bytes.AsSpan(_length));
        _length += value.Length;
    }

    public void Append(scoped ReadOnlySpan<char> value)
    {
        Reserve(Encoding.UTF8.GetMaxByteCount(value.Length));
        _length += Encoding.UTF8.GetBytes(value, _bytes.AsSpan(_length));
    }

    public void AppendLowerAscii(scoped ReadOnlySpan<char> value)
    {
        int start = _length;
        Append(value);
        Ascii.ToLowerInPlace(_bytes.AsSpan(start, _length - start), out _);
    }

    public readonly override string ToString() => Encoding.UTF8.GetString(Written);

    public readonly void Dispose()
    {
        CryptographicOperations.ZeroMemory(_bytes.AsSpan(0, _length));
        ArrayPool<byte>.Shared.Return(_bytes);
    }

    private void Reserve(int more)
    {
        if (_bytes.Length - _length >= more)
        {
            return;
        }

        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(_bytes.Length * 2, _length + more));
        Written.CopyTo(larger);
        Dispose();
        _bytes = larger;
    }
}
