using System.Text;
using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using IotOps.Logs.Reading;

namespace IotOps.Logs.Tests.Reading;

public sealed class LineFramerTests
{
    private static readonly LinePattern Start = LinePattern.Of(new Regex("^1", RegexOptions.NonBacktracking), "start")!;

    [Theory]
    [InlineData(8, "12345678\n", "12345678|")]
    [InlineData(8, "12345678\r\n", "12345678|")]
    [InlineData(8, "123456789\n", "12345678|9|")]
    [InlineData(8, "12345678\r9\n", "12345678|\r9|")]
    [InlineData(8, "1234567é\n", "1234567|é|")]
    [InlineData(8, "12345é\n", "12345é|")]
    [InlineData(8, "12345😀\n", "12345|😀|")]
    [InlineData(8, "\n\r\na", "||a")]
    public void Lines_end_where_they_should(int limit, string text, string expected)
    {
        string joined = string.Concat(Frames(Encoding.UTF8.GetBytes(text), new LineFramer(TextEncoding.Utf8, limit, null))
            .Select(f => f.Text + (f.IsCut || f.EndsFile ? (f.IsCut ? "|" : "") : "|")));
        joined.ShouldBe(expected);
    }

    [Fact]
    public void However_the_bytes_arrive_the_same_events_come_out()
    {
        Gen<string> piece = Gen.Elements("a", "é", "😀", "\n", "\n", "\r\n", "\r", "1", "\n1", "bcdefgh");
        Gen<(string, int, int, int)> gen =
            from pieces in piece.ListOf()
            from limit in Gen.Choose(4, 24)
            from step in Gen.Choose(1, 9)
            from mode in Gen.Choose(0, 7)
            select (string.Concat(pieces), limit, step, mode);
        Prop.ForAll(gen.ToArbitrary(), sample =>
        {
            (string text, int limit, int step, int mode) = sample;
            (TextEncoding kind, Encoding encoding) = (mode >> 1) switch
            {
                0 => (TextEncoding.Utf8, Encoding.UTF8),
                1 => (TextEncoding.Utf16, Encoding.Unicode),
                2 => (TextEncoding.Utf16BigEndian, Encoding.BigEndianUnicode),
                _ => (TextEncoding.Latin1, Encoding.Latin1),
            };
            var framer = new LineFramer(kind, limit, mode % 2 == 0 ? null : Start);
            byte[] bytes = encoding.GetBytes(text);
            (int, int)[] whole = [.. Frames(bytes, framer).Select(static f => (f.Start, f.Length))];
            (int, int)[] arriving = [.. Frames(bytes, framer, step).Select(static f => (f.Start, f.Length))];
            return whole.SequenceEqual(arriving);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void No_byte_but_line_ends_is_left_out()
    {
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), bytes =>
        {
            var framer = new LineFramer(TextEncoding.Utf8, 6, null);
            byte[] kept = [.. Frames(bytes, framer).SelectMany(f => bytes[f.Start..(f.Start + f.Length)])];
            return kept.Where(static b => b is not (byte)'\n' and not (byte)'\r').SequenceEqual(
                bytes.Where(static b => b is not (byte)'\n' and not (byte)'\r'));
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_group_ends_before_the_next_start_and_a_pause_leaves_an_unfinished_line()
    {
        var framer = new LineFramer(TextEncoding.Utf8, 100, Start);
        byte[] bytes = "1 a\n b\n c"u8.ToArray();
        int scanned = 0;
        framer.TryNext(bytes, ref scanned, continues: false, FrameEnd.None, out _).ShouldBeFalse();
        scanned.ShouldBe(bytes.Length);
        framer.TryNext(bytes, ref scanned, continues: false, FrameEnd.Flush, out LineFrame frame).ShouldBeTrue();
        frame.ShouldBe(new LineFrame(6, 7, IsCut: false));
    }

    [Fact]
    public void A_group_over_the_limit_is_cut_between_lines_and_goes_on_as_one()
    {
        var framer = new LineFramer(TextEncoding.Utf8, 10, Start);
        Frames("1aa\nbbb\nccc\nddd\n1\n"u8.ToArray(), framer).Select(static f => f.Text).ShouldBe(["1aa\nbbb", "ccc\nddd", "1"]);
    }

    private static List<Frame> Frames(byte[] bytes, LineFramer framer, int step = int.MaxValue)
    {
        List<Frame> frames = [];
        int position = 0, scanned = 0, visible = 0;
        bool continues = false;
        while (position < bytes.Length)
        {
            visible = (int)Math.Min(bytes.Length, Math.Max(visible, position) + (long)step);
            FrameEnd end = visible == bytes.Length ? FrameEnd.Final : FrameEnd.None;
            while (position < visible
                && framer.TryNext(bytes.AsSpan(position, visible - position), ref scanned, continues, end, out LineFrame frame))
            {
                frame.Next.ShouldBeGreaterThan(0);
                frames.Add(new Frame(
                    position, frame.Length, Encoding.UTF8.GetString(bytes, position, frame.Length), frame.IsCut, position + frame.Next == bytes.Length && frame.Length == frame.Next));
                position += frame.Next;
                continues = frame.IsCut;
                scanned = 0;
            }
        }

        return frames;
    }

    private sealed record Frame(int Start, int Length, string Text, bool IsCut, bool EndsFile);
}
