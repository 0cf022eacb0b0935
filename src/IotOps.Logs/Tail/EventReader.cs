using System.Text.Unicode;
using IotOps.Logs.Batching;
using IotOps.Logs.Checkpoints;
using IotOps.Logs.Files;
using IotOps.Logs.Reading;

namespace IotOps.Logs.Tail;

/// <summary>Reads what is new in a file and offers it, event by event, to the file's sink. One buffer for all files.</summary>
internal sealed class EventReader(OpenFiles open, CheckpointStore checkpoint, int maxMessageBytes, TimeProvider time)
{
    private const int ChunkSize = 256 << 10;
    private const int MaxRest = 64 << 10;

    private readonly NulRuns _nuls = new(checkpoint);

    private byte[] _buffer = new byte[ChunkSize + Fingerprint.WindowLength];
    private byte[] _text = [];

    /// <summary>Events that sinks took.</summary>
    public long Events { get; private set; }

    /// <summary>Events that the configuration leaves out.</summary>
    public long Filtered { get; private set; }

    /// <summary>Reads one chunk.</summary>
    /// <param name="file">What to read.</param>
    /// <param name="sinks">Where events go.</param>
    /// <param name="end">What ends an event at the end of the file.</param>
    /// <param name="bytesRead">How much was read.</param>
    public ReadOutcome Read(TailedFile file, IEventSinks sinks, FrameEnd end, out int bytesRead)
    {
        bytesRead = 0;
        SourceContent? content = open.Get(file);
        if (content is null)
        {
            return ReadOutcome.CannotOpen;
        }

        if (!content.IsImmutable && file.Mark.Offset != file.Position && !TryMarkPosition(file, content))
        {
            return ReadOutcome.Broken;
        }

        long startedNs = FileProbe.SystemNs();
        while (true)
        {
            int back = content.IsImmutable ? 0 : file.Mark.Window.Length;
            int read = content.Read(file.Position - back, _buffer);
            bytesRead += read;
            open.Succeed(file);
            if (!content.IsImmutable && !IsSame(file, _buffer.AsSpan(0, read), back))
            {
                return ReadOutcome.Broken;
            }

            bool atEnd = read < _buffer.Length;
            if (!TryEncoding(file, content, atEnd && end == FrameEnd.Final))
            {
                return AtEnd(file, end, _buffer.AsSpan(back, read - back), startedNs);
            }

            int text = content.IsImmutable ? read - back : NulRuns.TextLength(_buffer.AsSpan(back, read - back), file.Encoding!.Value);
            if (text == 0 && read > back)
            {
                ReadOutcome passed = _nuls.Pass(file, content, read - back, _buffer, ref bytesRead);
                return passed == ReadOutcome.AtEnd ? AtEnd(file, end, [], startedNs) : passed;
            }

            LineFramer framer = file.Group.Framer(file.Encoding!.Value);
            if (!atEnd && read - back >= framer.Lookahead && text < framer.Lookahead)
            {
                // The NULs behind are space reserved for what is to come, or a hole in a line that goes on: then they belong to it.
                atEnd = !NulRuns.HasTextBehind(content, file.Position + text, _buffer);
                read = content.Read(file.Position - back, _buffer);
                text = atEnd ? text : read - back;
            }

            bool blocked = Offer(file, framer, sinks, _buffer.AsSpan(back, text), atEnd ? end : FrameEnd.None, out int consumed);
            Advance(file, back, read, consumed);
            if (blocked)
            {
                file.RestLength = 0;
                return ReadOutcome.Blocked;
            }

            if (atEnd)
            {
                return AtEnd(file, end, _buffer.AsSpan(back + consumed, text - consumed), startedNs);
            }

            if (consumed > 0)
            {
                return ReadOutcome.More;
            }

            // An event longer than the buffer: as far as the limit it is wanted whole.
            Array.Resize(ref _buffer, Math.Min(_buffer.Length * 2, framer.Lookahead + Fingerprint.WindowLength + ChunkSize));
        }
    }

    /// <summary>Checks that a file still is what was read up to its position.</summary>
    public bool IsIntact(TailedFile file, SourceContent content)
    {
        if (content.IsImmutable)
        {
            return true;
        }

        if (file.Mark.Offset != file.Position)
        {
            return TryMarkPosition(file, content);
        }

        int back = file.Mark.Window.Length;
        int wanted = Math.Max(back, file.Position < file.Head.Length ? file.Head.Length : 0);
        int read = content.Read(file.Position - back, _buffer.AsSpan(0, wanted));
        return IsSame(file, _buffer.AsSpan(0, read), back);
    }

    private static bool IsSame(TailedFile file, ReadOnlySpan<byte> bytes, int back)
    {
        if (bytes.Length < back || Fingerprint.Of(bytes[..back]) != file.Mark.Window)
        {
            return false;
        }

        // Near the start the window does not reach over what is known of the head.
        return back < file.Position || file.Head.Length <= back || file.Head.IsPrefixOf(bytes);
    }

    /// <summary>After a start the checkpoint's mark may lie before the position: verify it, then mark the position itself.</summary>
    private bool TryMarkPosition(TailedFile file, SourceContent content)
    {
        Span<byte> window = _buffer.AsSpan(0, Fingerprint.WindowLength);
        int read = content.Read(file.Mark.Start, window[..file.Mark.Window.Length]);
        if (Fingerprint.Of(window[..read]) != file.Mark.Window)
        {
            return false;
        }

        read = content.Read(0, window[..file.Head.Length]);
        if (Fingerprint.Of(window[..read]) != file.Head)
        {
            return false;
        }

        int back = (int)Math.Min(file.Position, Fingerprint.WindowLength);
        read = content.Read(file.Position - back, window[..back]);
        if (read < back)
        {
            return false;
        }

        file.Mark = new WindowMark(file.Position, Fingerprint.Of(window[..back]));
        return true;
    }

    private static bool TryEncoding(TailedFile file, SourceContent content, bool isWhole)
    {
        if (file.Encoding is not null)
        {
            return true;
        }

        Span<byte> head = stackalloc byte[4];
        int read = content.Read(0, head);
        if (!Preamble.TryDetect(head[..read], file.Group.Options.Encoding, isWhole || file.Position > 0, out TextEncoding encoding, out int length))
        {
            return false;
        }

        file.Encoding = encoding;
        file.PreambleLength = length;
        return true;
    }

    /// <summary>Offers events until the bytes or the sink's room end. True when it was the room.</summary>
    private bool Offer(TailedFile file, LineFramer framer, IEventSinks sinks, ReadOnlySpan<byte> bytes, FrameEnd end, out int consumed)
    {
        file.Group.BeginChunk();
        IEventSink sink = sinks[file.Destination];
        TextEncoding encoding = file.Encoding!.Value;
        bool joins = file.Group.Options.MultiLine is not null;
        consumed = file.Position == 0 ? Math.Min(file.PreambleLength, bytes.Length) : 0;
        // One look over the chunk instead of one a line; a character cut by the chunk's end belongs to a line that is not whole.
        int validEnd = 0;
        if (encoding == TextEncoding.Utf8)
        {
            int whole = bytes.LastIndexOf((byte)'\n') + 1;
            validEnd = Utf8.IsValid(bytes[..whole]) ? whole : 0;
        }

        DateTimeOffset now = time.GetUtcNow();
        int scanned = consumed == 0 ? file.Scanned : 0;
        while (consumed < bytes.Length)
        {
            ReadOnlySpan<byte> rest = bytes[consumed..];
            if (!framer.TryNext(rest, ref scanned, file.Continues, end, out LineFrame frame))
            {
                break;
            }

            int next = frame.Next;
            bool isCut = frame.IsCut;
            bool isLeftOut = file.Continues && file.IsLeftOut;
            if (frame.Length > 0)
            {
                ReadOnlySpan<byte> message = rest[..frame.Length];
                if (encoding != TextEncoding.Utf8 || (consumed + frame.Length > validEnd && !Utf8.IsValid(message)))
                {
                    message = Decode(message, encoding, isCut, out int used);
                    if (used < frame.Length)
                    {
                        next = used;
                        isCut = true;
                    }
                }

                if (joins && message.Contains((byte)'\r'))
                {
                    message = WithoutReturns(message);
                }

                // What a power cut leaves where a file was to grow is no text, nor is a hole inside a line.
                message = message.TrimStart((byte)0);
                message = isCut ? message.TrimEnd((byte)0) : message;
                long timestamp = file.Continues
                    ? file.ContinuedTimestamp
                    : file.Group.Timestamps?.Read(message, now) ?? file.LastTimestamp;
                long endOffset = file.Position + consumed + next;
                isLeftOut = file.Continues ? file.IsLeftOut : file.Group.Filter?.Passes(message) == false;
                if (isLeftOut && !message.IsEmpty)
                {
                    Filtered += file.Continues ? 0 : 1;
                    file.ContinuedTimestamp = timestamp;
                    file.LastTimestamp = timestamp;
                }
                else if (!message.IsEmpty)
                {
                    if (file.Group.IsDated && DayOf(timestamp, now) is var day && day > file.Day)
                    {
                        if (!TryTurn(file, day))
                        {
                            file.Scanned = 0;
                            return true;
                        }

                        sink = sinks[file.Destination];
                    }

                    if (!sink.TryAppend(new TailedEvent { SourceId = file.Id, EndOffset = endOffset, Timestamp = timestamp, Message = message }))
                    {
                        file.Scanned = 0;
                        return true;
                    }

                    Events++;
                    file.LastEventEnd = endOffset;
                    file.ContinuedTimestamp = timestamp;
                    file.LastTimestamp = timestamp;
                }
            }

            file.IsLeftOut = isCut && isLeftOut;
            file.Continues = isCut;
            consumed += next;
            scanned = 0;
        }

        file.Scanned = scanned;
        return false;
    }

    /// <summary>The UTC day of an event. One that the service would not take with its own time is sent with the time of sending.</summary>
    private static DateOnly DayOf(long timestamp, DateTimeOffset now)
    {
        long nowMs = now.ToUnixTimeMilliseconds();
        bool isTaken = timestamp > nowMs - BatchLimits.MaxAge && timestamp < nowMs + BatchLimits.MaxAhead;
        return DateOnly.FromDateTime(isTaken ? DateTimeOffset.FromUnixTimeMilliseconds(timestamp).UtcDateTime : now.UtcDateTime);
    }

    /// <summary>
    /// Goes on to the next day's stream. False while the one before has not accepted everything: the file's position, one number, could not
    /// say that it lacks something while the next one is further.
    /// </summary>
    private bool TryTurn(TailedFile file, DateOnly day)
    {
        if (file.Id != 0 && checkpoint.CommittedOffset(file.Id) < file.LastEventEnd)
        {
            return false;
        }

        file.Turn(day);
        checkpoint.Assign(file.Id, file.Group.Pattern.Text, file.FoundAs, file.FirstSeen.ToUnixTimeMilliseconds(), file.Destination);
        return true;
    }

    private ReadOnlySpan<byte> Decode(ReadOnlySpan<byte> raw, TextEncoding encoding, bool moreFollows, out int used)
    {
        // One byte of Latin-1 becomes two of UTF-8 at most, an invalid one three, a UTF-16 unit of two bytes three.
        Room(Math.Min(maxMessageBytes, raw.Length * 3));
        int written = TextDecoder.Decode(raw, encoding, _text.AsSpan(0, Math.Min(maxMessageBytes, _text.Length)), moreFollows, out used);
        if (used == 0)
        {
            written = TextDecoder.Decode(raw, encoding, _text.AsSpan(0, Math.Min(maxMessageBytes, _text.Length)), moreFollows: false, out used);
        }

        return _text.AsSpan(0, written);
    }

    /// <summary>Lines joined to an event are separated by a line feed alone, however the file ends them.</summary>
    private ReadOnlySpan<byte> WithoutReturns(ReadOnlySpan<byte> message)
    {
        byte[] before = _text;
        Room(message.Length);
        if (!message.Overlaps(before))
        {
            message.CopyTo(_text);
        }

        int length = 0;
        for (int i = 0; i < message.Length; i++)
        {
            byte value = _text[i];
            if (value != '\r' || i + 1 == message.Length || _text[i + 1] != '\n')
            {
                _text[length++] = value;
            }
        }

        return _text.AsSpan(0, length);
    }

    private void Room(int length)
    {
        if (_text.Length < length)
        {
            Array.Resize(ref _text, Math.Max(length, 4096));
        }
    }

    /// <summary>Moves the position over what was taken, and remembers how the file looked there.</summary>
    private void Advance(TailedFile file, int back, int read, int consumed)
    {
        bool isFromStart = file.Position == back;
        if (isFromStart && file.Head.Length < Fingerprint.HeadLength && read > file.Head.Length)
        {
            ReadOnlySpan<byte> head = _buffer.AsSpan(0, Math.Min(read, Fingerprint.HeadLength)).TrimEnd((byte)0);
            file.Head = head.Length > file.Head.Length ? Fingerprint.Of(head) : file.Head;
        }

        if (consumed == 0)
        {
            return;
        }

        file.Position += consumed;
        int window = Math.Min(back + consumed, Fingerprint.WindowLength);
        file.Mark = new WindowMark(file.Position, Fingerprint.Of(_buffer.AsSpan(back + consumed - window, window)));
        checkpoint.Mark(file.Id, file.Head, file.Mark, file.Now.ModifiedNs);
    }

    private static ReadOutcome AtEnd(TailedFile file, FrameEnd end, ReadOnlySpan<byte> rest, long readAtNs)
    {
        if (rest.Length > file.Rest.Length && rest.Length <= MaxRest)
        {
            file.Rest = new byte[Math.Max(256, (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)rest.Length))];
        }

        if (rest.Length <= file.Rest.Length)
        {
            rest.CopyTo(file.Rest);
        }

        file.RestLength = rest.Length;
        file.IsRestUnfinished = file.Group.Options.MultiLine is null || end != FrameEnd.None;
        file.ReadAtNs = readAtNs;
        file.HasUnread = false;
        return ReadOutcome.AtEnd;
    }
}
