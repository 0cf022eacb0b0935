using System.Buffers.Binary;
using System.Security.Cryptography;

namespace IotOps.Shadow.Store;

/// <summary>AES-GCM of what is stored: a nonce drawn at random (12), the text, the tag (16). Where a piece stands is authenticated with it.</summary>
internal sealed class Seal(ReadOnlySpan<byte> key) : IDisposable
{
    public const int Overhead = NonceBytes + TagBytes;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;

    private readonly AesGcm _cipher = new(key, TagBytes);

    /// <summary>Encrypts into a place of <see cref="Overhead"/> more bytes.</summary>
    public void Close(long generation, long sequence, ReadOnlySpan<byte> plain, Span<byte> closed)
    {
        Span<byte> place = stackalloc byte[16];
        Place(place, generation, sequence);
        Span<byte> nonce = closed[..NonceBytes];
        RandomNumberGenerator.Fill(nonce);
        _cipher.Encrypt(nonce, plain, closed.Slice(NonceBytes, plain.Length), closed[(NonceBytes + plain.Length)..], place);
    }

    /// <summary>Decrypts.</summary>
    /// <exception cref="CryptographicException">It was closed with another key, for another place, or was changed.</exception>
    public byte[] Open(long generation, long sequence, ReadOnlySpan<byte> closed)
    {
        if (closed.Length < Overhead)
        {
            throw new CryptographicException("It is too short to have been encrypted.");
        }

        Span<byte> place = stackalloc byte[16];
        Place(place, generation, sequence);
        byte[] plain = new byte[closed.Length - Overhead];
        _cipher.Decrypt(closed[..NonceBytes], closed[NonceBytes..^TagBytes], closed[^TagBytes..], plain, place);
        return plain;
    }

    public void Dispose() => _cipher.Dispose();

    private static void Place(Span<byte> place, long generation, long sequence)
    {
        BinaryPrimitives.WriteInt64LittleEndian(place, generation);
        BinaryPrimitives.WriteInt64LittleEndian(place[8..], sequence);
    }
}
