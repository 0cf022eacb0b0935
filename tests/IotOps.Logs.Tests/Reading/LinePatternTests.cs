using System.Text.RegularExpressions;
using IotOps.Logs.Reading;

namespace IotOps.Logs.Tests.Reading;

public sealed class LinePatternTests
{
    private static readonly string Evil = new string('a', 52) + "!";

    [Fact]
    public void Two_time_outs_are_all_that_a_chunk_has()
    {
        LinePattern pattern = LinePattern.Of(new Regex(@"^(?:\w+[ .-]?)+:", RegexOptions.None, TimeSpan.FromMilliseconds(100)), "Start")!;

        pattern.IsMatch("a:").ShouldBe(true);
        pattern.IsMatch("b").ShouldBe(false);
        pattern.IsSlow.ShouldBeFalse();
        pattern.IsMatch(Evil).ShouldBeNull();
        pattern.IsMatch("a:").ShouldBe(true);
        pattern.IsMatch(Evil).ShouldBeNull();
        pattern.IsMatch("a:").ShouldBeNull();
        pattern.IsSlow.ShouldBeTrue();

        pattern.BeginChunk();

        pattern.IsMatch("a:").ShouldBe(true);
    }

    [Fact]
    public void A_pattern_that_does_not_backtrack_needs_no_time_out() =>
        LinePattern.Of(new Regex("^(?:a+)+$", RegexOptions.NonBacktracking), "Start")!.IsMatch(Evil).ShouldBe(false);
}
