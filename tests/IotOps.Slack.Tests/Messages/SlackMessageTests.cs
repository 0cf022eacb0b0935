using System.Text;
using System.Text.Json;

namespace IotOps.Slack.Tests.Messages;

public sealed class SlackMessageTests
{
    [Fact]
    public void An_ephemeral_text_as_exact_bytes() =>
        Json(SlackResponse.Ephemeral(new SlackMessage("1 < 2 & \"été\"")))
            .ShouldBe("""{"response_type":"ephemeral","text":"1 &lt; 2 &amp; \"été\""}""");

    [Fact]
    public void Blocks_in_the_channel_as_exact_bytes() =>
        Json(SlackResponse.InChannel(new SlackMessage(
            "Done",
            new SlackSection(SlackText.Markup($"*Target Identifier*: {"THING00001"}")),
            new SlackContext("UTC", SlackText.Link(new Uri("https://x/?a=1&b=2"), "link")),
            new SlackActions(new SlackLinkButton("Download <zip>", new Uri("https://x/?a=1&b=2")) { IsPrimary = true }))) with
        { ReplaceOriginal = true })
            .ShouldBe(
                """{"response_type":"in_channel","replace_original":true,"text":"Done","blocks":[""" +
                """{"type":"section","text":{"type":"mrkdwn","text":"*Target Identifier*: THING00001"}},""" +
                """{"type":"context","elements":[{"type":"mrkdwn","text":"UTC"},{"type":"mrkdwn","text":"<https://x/?a=1&amp;b=2|link>"}]},""" +
                """{"type":"actions","elements":[{"type":"button","text":{"type":"plain_text","text":"Download <zip>"},"url":"https://x/?a=1&b=2","style":"primary"}]}]}""");

    [Fact]
    public void Another_parser_reads_what_was_written()
    {
        string hostile = "\u0000\u001f\"\\/\u2028\u2029😀\uFEFF";
        using JsonDocument json = JsonDocument.Parse(SlackResponse.Ephemeral(new SlackMessage(hostile)).ToUtf8Json());
        json.RootElement.GetProperty("text").GetString().ShouldBe(hostile);
    }

    [Fact]
    public void Limits_hold_where_the_message_is_made()
    {
        var section = new SlackSection("x");
        new SlackSection(new string('x', 3_000)).Text.Mrkdwn.Length.ShouldBe(3_000);
        Should.Throw<ArgumentException>(() => new SlackSection(new string('x', 3_001))).Message.ShouldContain("3000 characters");
        Should.Throw<ArgumentException>(() => new SlackSection(new string('&', 601))).Message.ShouldContain("3005");
        Should.Throw<ArgumentException>(() => new SlackSection(""));
        Should.Throw<ArgumentException>(() => new SlackMessage(""));
        Should.Throw<ArgumentException>(() => new SlackMessage(new string('x', 4_001)));
        new SlackMessage("x", [.. Enumerable.Repeat(section, 50)]).Blocks.Count.ShouldBe(50);
        Should.Throw<ArgumentException>(() => new SlackMessage("x", [.. Enumerable.Repeat(section, 51)])).Message.ShouldContain("50 blocks");
        Should.Throw<ArgumentException>(() => new SlackContext([]));
        Should.Throw<ArgumentException>(() => new SlackContext([.. Enumerable.Repeat((SlackText)"x", 11)]));
        Should.Throw<ArgumentException>(() => new SlackContext(new string('x', 2_001)));
        Should.Throw<ArgumentException>(() => new SlackActions([]));
        Should.Throw<ArgumentException>(() => new SlackActions([.. Enumerable.Repeat(new SlackLinkButton("x", new Uri("https://x")), 26)]));
    }

    [Fact]
    public void A_message_has_at_most_13000_bytes_of_json()
    {
        SlackBlock[] four = [.. Enumerable.Repeat(new SlackSection(new string('x', 3_000)), 4)];
        new SlackMessage("x", four).Blocks.Count.ShouldBe(4);
        Should.Throw<ArgumentException>(() => new SlackMessage("x", [.. four, new SlackSection(new string('x', 1_000))])).Message.ShouldContain("13000 bytes");
        Should.Throw<ArgumentException>(() => new SlackMessage("x", [.. Enumerable.Repeat(new SlackSection(new string('é', 2_500)), 3)]));
    }

    [Fact]
    public void A_button_opens_http_and_holds_a_presigned_url()
    {
        new SlackLinkButton("x", new Uri("https://x/?" + new string('y', 2_900))).Label.ShouldBe("x");
        Should.Throw<ArgumentException>(() => new SlackLinkButton("x", new Uri("https://x/?s3cr3t" + new string('y', 3_000)))).Message.ShouldNotContain("s3cr3t");
        Should.Throw<ArgumentException>(() => new SlackLinkButton("x", new Uri("javascript:alert(1)")));
        Should.Throw<ArgumentException>(() => new SlackLinkButton(new string('x', 76), new Uri("https://x")));
        Should.Throw<ArgumentException>(() => new SlackLinkButton("", new Uri("https://x")));
    }

    private static string Json(SlackResponse response) => Encoding.UTF8.GetString(response.ToUtf8Json());
}
