using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace IotOps.Shadow.Store;

/// <summary>
/// AES-GCM of what is stored: a nonce drawn at random (12), the text, the tag (16). Whose it is and where it stands is authenticated with it:
/// the thing, the generation and the number of the record. The shadow's name is in the text, and so authenticated too.
/// </summary>
internal sealed class Seal : IDisposable
{
    public const int Overhead = NonceBytes + TagBytes;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private const int PlaceBytes = 16;

    private readonly AesGcm _cipher;

    // The thing, with room for the place behind it. One caller at a time, as the store has.
    private readonly byte[] _associated;

    public Seal(ReadOnlySpan<byte> key, string thing)
    {
        _cipher = new AesGcm(key, TagBytes);
        _associated = [.. "IotOps.Shadow/"u8, .. Encoding.UTF8.GetBytes(thing), .. new byte[PlaceBytes]];
    }

    /// <summary>Encrypts into a place of <see cref="Overhead"/> more bytes.</summary>
    public void Close(long generation, long sequence, ReadOnlySpan<byte> plain, Span<byte> closed)
    {
        Span<byte> nonce = closed[..NonceBytes];
        RandomNumberGenerator.Fill(nonce);
        _cipher.Encrypt(nonce, plain, closed.Slice(NonceBytes, plain.Length), closed[(NonceBytes + plain.Length)..], Associated(generation, sequence));
    }

    /// <summary>Decrypts.</summary>
    /// <exception cref="CryptographicException">It was closed with another key, for another thing or place, or was changed.</exception>
    public byte[] Open(long generation, long sequence, ReadOnlySpan<byte> closed)
    {
        if (closed.Length < Overhead)
        {
            throw new CryptographicException("It is too short to have been encrypted.");
        }

        byte[] plain = new byte[closed.Length - Overhead];
        _cipher.Decrypt(closed[..NonceBytes], closed[NonceBytes..^TagBytes], closed[^TagBytes..], plain, Associated(generation, sequence));
        return plain;
    }

    public void Dispose() => _cipher.Dispose();

    private ReadOnlySpan<byte> Associated(long generation, long sequence)
    {
        Span<byte> place = _associated.AsSpan(_associated.Length - PlaceBytes);
        BinaryPrimitives.WriteInt64LittleEndian(place, generation);
        BinaryPrimitives.WriteInt64LittleEndian(place[8..], sequence);
        return _associated;
    }
}
