using IotOps.FleetConsole.Tests.Lab;

namespace IotOps.FleetConsole.Tests.Web;

public sealed class ErrorsPageTests
{
    [Fact]
    public async Task A_console_without_events_says_so()
    {
        await using ConsoleLab lab = await ConsoleLab.StartAsync(isFilled: false);
        using Visitor visitor = lab.Visit();

        (await visitor.ReadAsync("/")).ShouldContain("No errors in the last 6 h.");
    }

    [Fact]
    public async Task The_first_sentence_names_the_surge_its_new_template_and_what_changed_before()
    {
        await using ConsoleLab lab = await ConsoleLab.StartAsync();
        using Visitor visitor = lab.Visit();

        string page = await visitor.ReadAsync("/");

        string sentence = Between(page, "id=\"sentence\">", "</p>");
        sentence.ShouldStartWith("One surge: ");
        sentence.ShouldContain("700 are of one new template. release-pipeline called CreatePolicyVersion 3 min 53 s before.");
    }

    internal static string Between(string text, string begin, string end)
    {
        int from = text.IndexOf(begin, StringComparison.Ordinal);
        from.ShouldBeGreaterThanOrEqualTo(0, begin);
        return text[(from + begin.Length)..text.IndexOf(end, from + begin.Length, StringComparison.Ordinal)];
    }
}
