namespace IotOps.Slack.Tests.Commands;

/// <summary>What phones, keyboards and Slack itself make of typed text.</summary>
public sealed class AutocorrectTests
{
    [Theory]
    [InlineData("“THING00001” telemetry 2023/10/01", "curly quotes")]
    [InlineData("‘THING00001’ telemetry 2023/10/01", "single curly quotes")]
    [InlineData("\"THING00001\" 'telemetry' `2023/10/01`", "straight quotes")]
    [InlineData("THING00001 telemetry 2023–10–01", "en dashes")]
    [InlineData("THING00001 telemetry 2023—10—01", "em dashes")]
    [InlineData("THING00001 telemetry 2023‑10‑01", "non-breaking hyphens")]
    [InlineData("THING00001 telemetry 2023−10−01", "minus signs")]
    [InlineData("THING00001 telemetry –14d", "a dash for a minus")]
    [InlineData("THING00001\u00A0telemetry\u00A02023/10/01", "no-break spaces")]
    [InlineData("THING00001\u202Ftelemetry\u20092023/10/01", "narrow and thin spaces")]
    [InlineData("THING00001\u3000telemetry\u30002023/10/01", "ideographic spaces")]
    [InlineData("\uFEFFTHING\u200B00001\u200D tele\u00ADmetry \u200E2023/10/01\u200F\u2060", "zero-width characters")]
    [InlineData("THING00001 telemetry ２０２３/１０/０１", "full-width digits")]
    [InlineData("ＴＨＩＮＧ００００１　ｔｅｌｅｍｅｔｒｙ　２０２３／１０／０１", "full-width everything")]
    [InlineData("<http://THING00001|THING00001> telemetry 2023/10/01", "a link")]
    [InlineData("<@U1|THING00001> telemetry 2023/10/01", "a mention")]
    [InlineData("<@U1|THING00001> <#C1|telemetry> 2023/10/01", "a channel")]
    [InlineData("<THING00001|> telemetry 2023/10/01", "a link with an empty label")]
    [InlineData("<THING00001> telemetry 2023/10/01", "angle brackets of the manual")]
    [InlineData("&lt;THING00001&gt; telemetry 2023/10/01", "the same, escaped")]
    public void Is_undone(string text, string what)
    {
        if (what == "the same, escaped")
        {
            // Those were really typed: the answer is the corrected command.
            Fleet.Problems(text)[0].CorrectedCommand.ShouldBe("/iot-log THING00001 telemetry 2023/10/01 dev");
            return;
        }

        Fleet.Text(text).ShouldBe("THING00001 telemetry 2023/10/01 dev", what);
    }

    [Theory]
    [InlineData("THING00001 telemetry, command 2023/10/01")]
    [InlineData("THING00001 telemetry ,command 2023/10/01")]
    [InlineData("THING00001 telemetry , command 2023/10/01")]
    [InlineData("THING00001 telemetry、command 2023/10/01")]
    [InlineData("THING00001 telemetry，command 2023/10/01")]
    [InlineData("THING00001 “telemetry, command” 2023/10/01")]
    [InlineData("THING00001 telemetry,\u00A0command 2023/10/01")]
    public void Blanks_around_a_comma_do_not_matter(string text) => Fleet.Text(text).ShouldBe("THING00001 telemetry,command 2023/10/01 dev");

    [Fact]
    public void Entities_are_undone_once() => Fleet.Problems("A&amp;lt;B telemetry today")[0].Message.ShouldContain("'A&lt;B'");
}
