using System.Runtime.InteropServices;
using IotOps.Logs.Checkpoints;
using IotOps.Logs.Files;
using IotOps.Logs.Reading;

namespace IotOps.Logs.Tail;

/// <summary>
/// Runs of NULs, which are no text: what a power cut leaves, space reserved for what is to come, holes. They are passed over when there is
/// something behind them; until then the writer may still fill them.
/// </summary>
internal sealed class NulRuns(CheckpointStore checkpoint)
{
    private const int BlocksPerCall = 16;

    /// <summary>Bytes up to the NULs that end them.</summary>
    public static int TextLength(ReadOnlySpan<byte> bytes, TextEncoding encoding)
    {
        if (bytes.IsEmpty || bytes[^1] != 0)
        {
            return bytes.Length;
        }

        if (encoding is not (TextEncoding.Utf16 or TextEncoding.Utf16BigEndian))
        {
            return bytes.LastIndexOfAnyExcept((byte)0) + 1;
        }

        ReadOnlySpan<ushort> units = MemoryMarshal.Cast<byte, ushort>(bytes);
        int text = units.LastIndexOfAnyExcept((ushort)0) + 1;
        return text == units.Length ? bytes.Length : 2 * text;
    }

    /// <summary>True when something stands behind an offset where NULs begin.</summary>
    public static bool HasTextBehind(SourceContent content, long offset, byte[] buffer)
    {
        for (long from = offset; content.NextData(from) is { } data;)
        {
            int read = content.Read(data, buffer);
            if (buffer.AsSpan(0, read).ContainsAnyExcept((byte)0))
            {
                return true;
            }

            if (read < buffer.Length)
            {
                break;
            }

            from = data + read;
        }

        return false;
    }

    /// <summary>Moves a file's position over NULs to what stands behind them. <see cref="ReadOutcome.AtEnd"/> when that is nothing.</summary>
    /// <param name="file">Its position is where they begin.</param>
    /// <param name="content">What it holds.</param>
    /// <param name="known">So many are NULs for certain.</param>
    /// <param name="buffer">Room to read into.</param>
    /// <param name="bytesRead">Grows by what was read.</param>
    public ReadOutcome Pass(TailedFile file, SourceContent content, int known, byte[] buffer, ref int bytesRead)
    {
        // What was looked at before is not looked at again: a file of reserved space is written a line at a time.
        long from = Math.Max(file.NulsEnd, file.Position + known);
        for (int i = 0; i < BlocksPerCall; i++)
        {
            if (content.NextData(from) is not { } data)
            {
                return ReadOutcome.AtEnd;
            }

            int read = content.Read(data, buffer);
            bytesRead += read;
            int text = buffer.AsSpan(0, read).IndexOfAnyExcept((byte)0);
            if (text >= 0)
            {
                MoveTo(file, content, data + text, buffer);
                return ReadOutcome.More;
            }

            from = data + read;
            file.NulsEnd = from;
            if (read < buffer.Length)
            {
                return ReadOutcome.AtEnd;
            }
        }

        return ReadOutcome.More;
    }

    private void MoveTo(TailedFile file, SourceContent content, long offset, byte[] buffer)
    {
        offset -= file.Encoding is TextEncoding.Utf16 or TextEncoding.Utf16BigEndian ? offset % 2 : 0;
        int back = (int)Math.Min(offset, Fingerprint.WindowLength);
        int read = content.Read(offset - back, buffer.AsSpan(0, back));
        file.Position = offset;
        file.Scanned = 0;
        file.Mark = new WindowMark(offset, Fingerprint.Of(buffer.AsSpan(0, read)));
        checkpoint.Mark(file.Id, file.Head, file.Mark, file.Now.ModifiedNs);
    }
}
