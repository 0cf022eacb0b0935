namespace IotOps.Slack.Tests.Messages;

public sealed class SlackTextTests
{
    [Fact]
    public void Data_is_escaped_once()
    {
        SlackText text = "a & b < c > d &amp;";
        text.Mrkdwn.ShouldBe("a &amp; b &lt; c &gt; d &amp;amp;");
        SlackText.Markup($"{text}").Mrkdwn.ShouldBe(text.Mrkdwn);
        SlackText.Join(" & ", [text, text]).Mrkdwn.ShouldBe(text.Mrkdwn + " &amp; " + text.Mrkdwn);
    }

    [Fact]
    public void Markup_stays_and_what_stands_in_its_holes_is_data()
    {
        string hostile = "<!channel> & co";
        SlackText.Markup($"*Name*: {hostile}, {12.5} {new DateOnly(2023, 10, 1):yyyy/MM/dd} {(string?)null}").Mrkdwn
            .ShouldBe("*Name*: &lt;!channel&gt; &amp; co, 12.5 2023/10/01 ");
    }

    [Fact]
    public void A_link_shows_its_label_and_keeps_its_url() =>
        SlackText.Link(new Uri("https://bucket.s3.amazonaws.com/a%20b?x=1&y=<2>|3"), "a|b <zip>").Mrkdwn
            .ShouldBe("<https://bucket.s3.amazonaws.com/a%20b?x=1&amp;y=%3C2%3E%7C3|a/b &lt;zip&gt;>");

    [Fact]
    public void Code_cannot_be_left_by_its_data() => SlackText.Code("a`b<c").Mrkdwn.ShouldBe("`a'b&lt;c`");

    [Theory]
    [InlineData("abcdef", 6, "abcdef")]
    [InlineData("abcdef", 5, "abcd…")]
    [InlineData("a<bcdef", 5, "a…")]
    [InlineData("a<bcdef", 6, "a&lt;…")]
    [InlineData("ab😀😀", 5, "ab😀…")]
    [InlineData("ab😀😀", 4, "ab…")]
    [InlineData("abc", 1, "…")]
    public void Shortening_never_cuts_an_escape_or_a_character(string text, int max, string expected) =>
        SlackText.Shortened(text, max).Mrkdwn.ShouldBe(expected);

    [Fact]
    public void Half_a_surrogate_pair_becomes_the_replacement_character() => ((SlackText)"a\uD83D").Mrkdwn.ShouldBe("a\uFFFD");

    [Fact]
    public void Texts_are_compared_by_what_is_sent()
    {
        ((SlackText)"a&b").ShouldBe(SlackText.Markup($"a&amp;b"));
        ((SlackText)"a&b").ShouldNotBe(SlackText.Markup($"a&b"));
    }
}
