using System.Net;
using System.Text;
using System.Text.Json;
using IotOps.Detect;
using IotOps.Samples.FleetTool.Routing;
using IotOps.Slack;
using IotOps.TestKit;

namespace IotOps.Samples.Tests.FleetTool;

public sealed class SlackAlarmSinkTests
{
    private static AlarmMessage Message { get; } = new()
    {
        Id = "1",
        Title = "<!channel> *THING00001*: p/b raised",
        Text = "2026-11-30 12:00:00Z <https://example.com|click> :fire:\n",
        Time = new DateTimeOffset(2026, 11, 30, 12, 0, 0, TimeSpan.Zero),
        Kind = FleetAlarmKind.Detect,
        Rule = "p/b",
        Count = 1,
    };

    [Fact]
    public async Task An_alarm_is_posted_to_its_channel_and_what_devices_wrote_is_no_markup()
    {
        var http = new StubHttpHandler(static _ => Answer("""{"ok":true,"channel":"C1","ts":"1.2"}"""));
        using var chat = new SlackChat(new SlackChatOptions { Token = "xoxb-1", Handler = http });

        await new SlackAlarmSink(chat, "C1").SendAsync(Message, TestContext.Current.CancellationToken);

        using JsonDocument posted = JsonDocument.Parse(http.Requests.ShouldHaveSingleItem().Body);
        posted.RootElement.GetProperty("channel").GetString().ShouldBe("C1");
        posted.RootElement.GetProperty("text").GetString().ShouldBe("&lt;!channel&gt; *THING00001*: p/b raised");
        posted.RootElement.GetProperty("blocks")[0].GetProperty("text").GetProperty("text").GetString().ShouldBe(":rotating_light: *&lt;!channel&gt; ∗THING00001∗: p/b raised*");
        posted.RootElement.GetProperty("blocks")[1].GetProperty("text").GetProperty("type").GetString().ShouldBe("plain_text");
    }

    [Fact]
    public async Task A_refusal_of_Slack_is_an_error_so_that_the_alarm_is_sent_again()
    {
        var http = new StubHttpHandler(static _ => Answer("""{"ok":false,"error":"channel_not_found"}"""));
        using var chat = new SlackChat(new SlackChatOptions { Token = "xoxb-1", Handler = http });

        await Should.ThrowAsync<SlackException>(() => new SlackAlarmSink(chat, "C1").SendAsync(Message, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData(FleetAlarmState.Cleared, false, ":white_check_mark:")]
    [InlineData(FleetAlarmState.Invalidated, false, ":grey_question:")]
    [InlineData(FleetAlarmState.Raised, true, ":newspaper:")]
    public void Each_state_has_its_picture(FleetAlarmState state, bool isDigest, string picture) =>
        ((SlackSection)SlackAlarmSink.Of(Message with { State = state, IsDigest = isDigest }).Blocks[0]).Text.Mrkdwn.ShouldStartWith(picture);

    [Fact]
    public void A_long_alarm_stays_within_a_message_of_Slack() =>
        Should.NotThrow(() => SlackAlarmSink.Of(Message with { Title = new string('<', 600), Text = new string('&', 20_000) }));

    private static HttpResponseMessage Answer(string json) => new(HttpStatusCode.OK) { Content = new StringContent(json, Encoding.UTF8, "application/json") };
}
