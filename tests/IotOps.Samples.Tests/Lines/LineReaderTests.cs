using System.Text;
using IotOps.Samples.Lines;

namespace IotOps.Samples.Tests.Lines;

public sealed class LineReaderTests
{
    [Fact]
    public async Task The_position_is_behind_each_line_also_behind_one_that_is_passed_over()
    {
        string[] written = ["first", new('x', 200_000), "third", "", "without an end"];
        byte[] text = Encoding.UTF8.GetBytes(string.Join('\n', written));
        using var lines = new LineReader(new MemoryStream(text), limitBytes: 100_000, position: 7);

        List<(string Line, bool IsTooLong, bool HasEnd, long Position)> read = [];
        while (await lines.NextAsync(TestContext.Current.CancellationToken))
        {
            read.Add((Encoding.UTF8.GetString(lines.Line.Span), lines.IsTooLong, lines.HasEnd, lines.Position));
        }

        read.ShouldBe([("first", false, true, 13), ("", true, true, 200_014), ("third", false, true, 200_020), ("", false, true, 200_021), ("without an end", false, false, 200_035)]);
    }

    [Theory]
    [InlineData(0, "line")]
    [InlineData(4, "\uFEFFline")]
    public async Task A_mark_of_the_byte_order_is_passed_over_where_the_text_begins(long position, string expected)
    {
        using var lines = new LineReader(new MemoryStream("\uFEFFline"u8.ToArray()), LineReader.MaxBytes, position);

        (await lines.NextAsync(TestContext.Current.CancellationToken)).ShouldBeTrue();

        Encoding.UTF8.GetString(lines.Line.Span).ShouldBe(expected);
    }
}
