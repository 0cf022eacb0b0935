using System.Text;
using FsCheck;
using FsCheck.Fluent;
using IotOps.Logs.Reading;

namespace IotOps.Logs.Tests.Reading;

public sealed class TextDecoderTests
{
    [Theory]
    [InlineData(nameof(TextEncoding.Utf8))]
    [InlineData(nameof(TextEncoding.Utf16))]
    [InlineData(nameof(TextEncoding.Utf16BigEndian))]
    [InlineData(nameof(TextEncoding.Latin1))]
    public void Any_bytes_become_what_the_system_makes_of_them_whatever_room_there_is(string name)
    {
        TextEncoding kind = Enum.Parse<TextEncoding>(name);
        Encoding encoding = kind switch
        {
            TextEncoding.Utf16 => Encoding.Unicode,
            TextEncoding.Utf16BigEndian => Encoding.BigEndianUnicode,
            TextEncoding.Latin1 => Encoding.Latin1,
            _ => Encoding.UTF8,
        };
        Gen<byte[]> mixed =
            from parts in Gen.OneOf(
                ArbMap.Default.GeneratorFor<byte[]>(),
                Gen.Elements("a", "é", "漢", "😀", "\uFFFD").Select(encoding.GetBytes)).ListOf()
            select parts.SelectMany(static p => p).ToArray();
        Prop.ForAll(mixed.ToArbitrary(), Gen.Choose(4, 40).ToArbitrary(), (bytes, room) =>
        {
            byte[] target = new byte[room];
            var text = new StringBuilder();
            for (int at = 0; at < bytes.Length;)
            {
                int written = TextDecoder.Decode(bytes.AsSpan(at), kind, target, moreFollows: false, out int consumed);
                consumed.ShouldBeGreaterThan(0);
                System.Text.Unicode.Utf8.IsValid(target.AsSpan(0, written)).ShouldBeTrue();
                text.Append(Encoding.UTF8.GetString(target, 0, written));
                at += consumed;
            }

            text.ToString().ShouldBe(encoding.GetString(bytes));
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_character_begun_at_the_end_is_left_for_later_when_more_follows()
    {
        byte[] target = new byte[10];
        TextDecoder.Decode([(byte)'a', 0xE6, 0xBC], TextEncoding.Utf8, target, moreFollows: true, out int consumed).ShouldBe(1);
        consumed.ShouldBe(1);
        TextDecoder.Decode([(byte)'a', 0, 0x3D, 0xD8], TextEncoding.Utf16, target, moreFollows: true, out consumed).ShouldBe(1);
        consumed.ShouldBe(2);
    }

    [Theory]
    [InlineData(new byte[] { 0xEF, 0xBB }, false)]
    [InlineData(new byte[] { 0xFF }, false)]
    [InlineData(new byte[] { (byte)'a' }, true)]
    [InlineData(new byte[] { 0xEF, 0xBB, 0xBF }, true)]
    public void A_mark_is_waited_for(byte[] head, bool isKnown) =>
        Preamble.TryDetect(head, LogEncoding.Detect, isWhole: false, out _, out _).ShouldBe(isKnown);
}
