using System.IO.Compression;
using IotOps.Shared;

namespace IotOps.Archive.Deflate;

/// <summary>A block by the system's own deflate: where it does better than ours, its bytes are taken.</summary>
internal static class ZlibBlock
{
    /// <summary>Compresses into the output.</summary>
    /// <returns>The length, or -1 when it does not fit.</returns>
    public static int Encode(ReadOnlySpan<byte> input, byte[] output, int capacity, CompressionLevel level, bool final)
    {
        using var result = new CappedStream(output, capacity);
        using (var deflate = new DeflateStream(result, level, leaveOpen: true))
        {
            deflate.Write(input);
            if (!final)
            {
                // A sync flush; what disposing adds behind it is cut off.
                deflate.Flush();
                result.End();
            }
        }

        return result.Written;
    }

    private sealed class CappedStream(byte[] output, int capacity) : WriteOnlyStream
    {
        private bool _ended;

        /// <summary>-1 when there was more than fits.</summary>
        public int Written { get; private set; }

        public void End() => _ended = true;

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            if (_ended || Written < 0)
            {
                return;
            }

            if (buffer.Length > capacity - Written)
            {
                Written = -1;
                return;
            }

            buffer.CopyTo(output.AsSpan(Written));
            Written += buffer.Length;
        }
    }
}
