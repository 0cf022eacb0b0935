using System.Buffers;
using System.IO.Compression;

namespace IotOps.Archive.Deflate;

/// <summary>Deflate of one block at a time, each independent of the others. About 2 MB; used again and again, by one thread at a time.</summary>
/// <remarks>
/// The loops it spends its time in are compiled with <c>AggressiveOptimization</c>: a zip of 200 MB is done before the runtime has seen enough of them to
/// leave its slower tiers (a fifth of a second of CPU), and in the long run they are as fast.
/// </remarks>
internal sealed unsafe class DeflateEncoder
{
    // The first piece of a block is short, because what it teaches serves the others.
    private const int FirstPieceBytes = 32 << 10;

    // A block whose literals are dearer than this in its first piece, and that shrinks less, is no log: it takes more pains to be as good as zlib.
    private const double LogLiteralBits = 4.75;
    private const double Repeated = 6;

    // From this ratio on the pains of an ordinary log leave more bytes than zlib does.
    private const double MuchRepeated = 7.5;

    // Up to here a log, too, is compared with what zlib makes of it: source code may look like one and be none.
    private const int SmallEntry = 256 << 10;

    // Plain bytes from which Fast learns its codes, and after which it looks whether they still fit.
    private const int FastPieceBytes = 64 << 10;

    // A piece that shrinks less is hardly worth codes for others; a piece that takes so much more than the one learnt from has others.
    private const double MaxLearnt = 0.97;
    private const double MaxDrift = 1.1;

    private readonly TokenBlock _tokens = new();
    private readonly TokenWriter _writer = new();
    private readonly LazyMatcher _lazy = new();
    private readonly LogMatcher _log = new();
    private readonly ProbeMatcher _probe = new();
    private readonly MatchLimits _limits = new();
    private bool _isLog;

    private enum Reading
    {
        OrdinaryLog,
        RepetitiveLog,
        Thorough,
        Exhaustive,
    }

    /// <summary>Ends a deflate stream that stands at a byte boundary: an empty last block of the fixed code.</summary>
    public static ReadOnlySpan<byte> EndOfStream => [0x03, 0x00];

    /// <summary>Room that the output of so many bytes takes, while it is made.</summary>
    public static int MaxOutput(int length) =>
        length + (length >> 6) + 1024 + (length > FastPieceBytes ? 2 * FastPieceBytes : 0);

    /// <summary>Compresses a block.</summary>
    /// <param name="input">At most 4 MiB, behind what a dictionary has.</param>
    /// <param name="dictionary">Bytes at the front of the input that are not to be written, only referred to: the ones before the block, at most a window of them.</param>
    /// <param name="output">At least <see cref="MaxOutput"/> bytes.</param>
    /// <param name="profile">How hard.</param>
    /// <param name="final">True ends the deflate stream; false leaves it at a byte boundary.</param>
    /// <returns>Bytes of the output: never more than about five in 64 KiB above the plain ones.</returns>
    public int Encode(ReadOnlySpan<byte> input, int dictionary, Span<byte> output, DeflateProfile profile, bool final)
    {
        ReadOnlySpan<byte> plain = input[dictionary..];
        if (output.Length < MaxOutput(plain.Length))
        {
            // The loops store eight bytes at a time and do not look: this is what bounds them.
            throw new ArgumentException($"{plain.Length} bytes need {MaxOutput(plain.Length)} of output, not {output.Length}.", nameof(output));
        }

        fixed (byte* first = input)
        fixed (byte* start = output)
        {
            var bits = new BitSink(start);
            int at = dictionary;
            Reading reading = profile == DeflateProfile.Balanced ? WriteFirstOfLog(first, input, ref at, ref bits) : Reading.Exhaustive;
            int length = MaxStored(plain.Length);
            if (reading == Reading.Thorough && final && TryZlib(plain, output, ref length, CompressionLevel.Optimal, final))
            {
                // Nothing goes before it or comes behind it, so that zlib has all there is, and our pains would take twice its time for 1 % of the bytes.
                return length;
            }

            bool ended = profile switch
            {
                DeflateProfile.Stored => EncodeStored(plain, ref bits),
                DeflateProfile.Fast => EncodeFast(first + dictionary, plain, ref bits, final),
                _ => EncodeLazy(first, dictionary, at, input, reading, ref bits, final),
            };
            if (!final)
            {
                bits.PutStored([]);
            }
            else if (!ended)
            {
                TokenWriter.WriteEmptyFinal(ref bits);
            }

            bits.Align();

            length = (int)(bits.At - start);
            if (profile == DeflateProfile.Smallest && !_isLog)
            {
                TryZlib(plain, output, ref length, CompressionLevel.SmallestSize, final);
            }
            else if (profile == DeflateProfile.Balanced && final && plain.Length <= SmallEntry)
            {
                TryZlib(plain, output, ref length, CompressionLevel.Optimal, final);
            }

            // The tables that the loops go through by pointer are this object's.
            GC.KeepAlive(this);
            return length;
        }
    }

    private static int MaxStored(int length) => length + (5 * ((length / BitSink.MaxStored) + 1)) + 8;

    // Takes the system's own deflate where it makes less than the given length.
    private static bool TryZlib(ReadOnlySpan<byte> plain, Span<byte> output, ref int length, CompressionLevel level, bool final)
    {
        byte[] other = ArrayPool<byte>.Shared.Rent(length);
        int otherLength = ZlibBlock.Encode(plain, other, length, level, final);
        bool isLess = otherLength > 0 && otherLength < length;
        if (isLess)
        {
            other.AsSpan(0, otherLength).CopyTo(output);
            length = otherLength;
        }

        ArrayPool<byte>.Shared.Return(other);
        return isLess;
    }

    private static bool EncodeStored(ReadOnlySpan<byte> plain, ref BitSink bits)
    {
        bits.PutStored(plain);
        return false;
    }

    // Each of these returns whether its last block is marked as the last.
    private bool EncodeLazy(byte* first, int dictionary, int at, ReadOnlySpan<byte> input, Reading reading, ref BitSink bits, bool final)
    {
        if (reading is Reading.Thorough or Reading.Exhaustive)
        {
            _limits.Reset();
            _lazy.Begin(first, dictionary, input.Length);
        }

        bool ended = false;
        while (at < input.Length)
        {
            bool isFirst = at == dictionary;
            byte* before = bits.At;
            int end = Math.Min(input.Length, at + (isFirst ? FirstPieceBytes : TokenBlock.PieceBytes));
            int next = reading switch
            {
                Reading.OrdinaryLog => _log.Read<OrdinaryLog>(first, at, end, input.Length, _limits, _tokens),
                Reading.RepetitiveLog => _log.Read<RepetitiveLog>(first, at, end, input.Length, _limits, _tokens),
                Reading.Thorough => _lazy.Read(first, at, end, input.Length, LazyEffort.Thorough, _limits, _tokens),
                _ => _lazy.Read(first, at, end, input.Length, LazyEffort.Exhaustive, _limits, _tokens),
            };
            ended = _writer.Write(_tokens, input[at..next], ref bits, final && next == input.Length);
            _writer.Teach(_limits, _tokens);
            _isLog = isFirst ? IsLog(next - at, bits.At - before) : _isLog;
            at = next;
        }

        return ended;
    }

    // Tells how a block is to be read, by its first piece read as an ordinary log's. Of a log that piece is written.
    private Reading WriteFirstOfLog(byte* first, ReadOnlySpan<byte> input, ref int at, ref BitSink bits)
    {
        int end = at + FirstPieceBytes;
        if (end >= input.Length)
        {
            return Reading.Thorough;
        }

        BitSink before = bits;
        _limits.Reset();
        _log.Begin(first, at, input.Length);
        int next = _log.Read<OrdinaryLog>(first, at, end, input.Length, _limits, _tokens);
        ReadOnlySpan<byte> plain = input[at..next];
        _writer.Write(_tokens, plain, ref bits, final: false);
        _writer.Teach(_limits, _tokens);
        double ratio = (double)plain.Length / (bits.At - before.At);
        Reading reading = ratio >= Repeated && (ratio >= MuchRepeated || _limits.LiteralBits >= LogLiteralBits) ? Reading.RepetitiveLog
            : _limits.LiteralBits < LogLiteralBits ? Reading.OrdinaryLog
            : Reading.Thorough;

        // What has zeros is no text: machine code and tables have much in matches that are too short for a log's.
        if (reading == Reading.Thorough || next == input.Length || plain.Contains((byte)0))
        {
            bits = before;
            return Reading.Thorough;
        }

        at = next;
        return reading;
    }

    private bool IsLog(int plain, long compressed) => _limits.LiteralBits < LogLiteralBits && plain < Repeated * compressed;

    // The codes learnt from one piece serve those behind it, which are written as they are read, until they fit badly.
    private bool EncodeFast(byte* first, ReadOnlySpan<byte> plain, ref BitSink bits, bool final)
    {
        _probe.Begin();
        for (int at = 0; at < plain.Length;)
        {
            int next = _probe.Read(first, at, Math.Min(plain.Length, at + FastPieceBytes), plain.Length, _tokens);
            BitSink before = bits;
            if (next < plain.Length)
            {
                _writer.Begin(_tokens, ref bits);
            }

            double learnt = (double)(bits.At - before.At) / (next - at);
            if (next == plain.Length || learnt > MaxLearnt)
            {
                bits = before;
                bool ended = _writer.Write(_tokens, plain[at..next], ref bits, final && next == plain.Length);
                if (next == plain.Length)
                {
                    return ended;
                }
            }
            else
            {
                next = WriteWhileFitting(first, plain, next, learnt * MaxDrift, ref bits);
            }

            at = next;
        }

        return false;
    }

    // Returns where the codes ceased to fit, or the end. The deflate block is ended.
    private int WriteWhileFitting(byte* first, ReadOnlySpan<byte> plain, int at, double fitting, ref BitSink bits)
    {
        double cost = 0;
        while (at < plain.Length && cost <= fitting)
        {
            BitSink before = bits;
            int end = Math.Min(plain.Length, at + FastPieceBytes);
            int next = _probe.Write(first, at, end, plain.Length, _writer.Tables, _tokens.OfDistance, ref bits);
            cost = (double)(bits.At - before.At) / (next - at);
            if (cost >= 1)
            {
                // Longer than the bytes themselves, which are taken instead.
                bits = before;
                _writer.WriteEndOfBlock(ref bits);
                bits.PutStored(plain[at..next]);
                return next;
            }

            at = next;
        }

        _writer.WriteEndOfBlock(ref bits);
        return at;
    }
}
