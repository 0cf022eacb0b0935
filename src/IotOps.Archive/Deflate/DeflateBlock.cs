using System.Buffers;
using IotOps.Shared;

namespace IotOps.Archive.Deflate;

/// <summary>Plain bytes on their way through a worker: their CRC and their compressed form. No block waits for another.</summary>
internal sealed class DeflateBlock
{
    private readonly DeflateProfile _profile;
    private readonly bool _final;
    private readonly int _dictionary;
    private byte[]? _input;
    private byte[]? _output;
    private int _outputLength;

    /// <param name="input">Rented; this block gives it back.</param>
    /// <param name="dictionary">Bytes at its front that come before the block.</param>
    /// <param name="length">Bytes of the block.</param>
    /// <param name="profile">How hard.</param>
    /// <param name="final">True ends the deflate stream; false leaves it at a byte boundary, to be gone on with.</param>
    public DeflateBlock(byte[] input, int dictionary, int length, DeflateProfile profile, bool final)
    {
        _input = input;
        _dictionary = dictionary;
        Length = length;
        _profile = profile;
        _final = final;
    }

    /// <summary>Ends when the block is compressed.</summary>
    public Task Done { get; set; } = Task.CompletedTask;

    /// <summary>Plain bytes.</summary>
    public int Length { get; }

    /// <summary>CRC-32 of them, when done.</summary>
    public uint Crc { get; private set; }

    /// <summary>The plain bytes, of a final block.</summary>
    public ReadOnlyMemory<byte> Plain => _input.AsMemory(_dictionary, Length);

    /// <summary>The result, when done.</summary>
    public ReadOnlyMemory<byte> Compressed => _output.AsMemory(0, _outputLength);

    /// <summary>Compresses.</summary>
    public void Run(DeflateEncoder encoder)
    {
        Crc = Crc32.Append(0, Plain.Span);
        _output = ArrayPool<byte>.Shared.Rent(DeflateEncoder.MaxOutput(Length));
        _outputLength = encoder.Encode(_input.AsSpan(0, _dictionary + Length), _dictionary, _output, _profile, _final);
        if (!_final)
        {
            Return(ref _input);
        }
    }

    public async ValueTask ReleaseAsync()
    {
        // The buffers are the worker's until it ends; how it ended was told when the block was to be written.
        await Done.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Return(ref _input);
        Return(ref _output);
    }

    private static void Return(ref byte[]? buffer)
    {
        if (buffer is { Length: > 0 })
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        buffer = null;
    }
}
