using System.Net;
using System.Text;
using System.Text.Json;
using System.Web;
using Amazon.Runtime;
using IotOps.Aws;
using IotOps.Detect.Alarms;
using IotOps.TestKit;

namespace IotOps.Detect.Tests.Alarms;

public sealed class SnsAlarmSinkTests
{
    private const string Topic = "arn:aws:sns:eu-west-1:123456789012:fleet-alarms";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private static AlarmMessage Message { get; } = new()
    {
        Id = "0123456789abcdef0123456789abcdef",
        Title = "THING00001: p/b raised",
        Text = "why & how",
        Time = Alarm.Noon,
        Kind = FleetAlarmKind.Detect,
        Rule = "p/b",
        Count = 1,
        Devices = ["THING00001"],
        Alarms = [Alarm.Of(1)],
    };

    [Fact]
    public async Task A_message_is_published_as_JSON_for_programs_and_text_for_people()
    {
        (RecordedRequest request, Dictionary<string, string> form) = await PublishAsync(Topic, Message);

        request.Message.RequestUri!.ToString().ShouldBe("https://sns.eu-west-1.amazonaws.com/");
        request.Header("Authorization")!.ShouldContain("/eu-west-1/sns/aws4_request");
        (form["Action"], form["Version"], form["TopicArn"], form["MessageStructure"], form["Subject"]).ShouldBe(("Publish", "2010-03-31", Topic, "json", "THING00001: p/b raised"));
        using JsonDocument structure = JsonDocument.Parse(form["Message"]);
        structure.RootElement.GetProperty("default").GetString().ShouldBe(Encoding.UTF8.GetString(Message.ToUtf8Json()));
        structure.RootElement.GetProperty("email").GetString().ShouldBe("why & how");
        Enumerable.Range(1, 5).Select(i => (form[$"MessageAttributes.entry.{i}.Name"], form[$"MessageAttributes.entry.{i}.Value.StringValue"]))
            .ShouldBe([("type", "alarms"), ("kind", "detect"), ("state", "raised"), ("severity", "unknown"), ("rule", "p/b")]);
        form.Keys.ShouldNotContain(static name => name == "MessageGroupId");
    }

    [Fact]
    public async Task A_FIFO_topic_gets_a_group_of_the_rule_and_the_messages_id()
    {
        (_, Dictionary<string, string> form) = await PublishAsync($"{Topic}.fifo", Message);
        (_, Dictionary<string, string> cleared) = await PublishAsync($"{Topic}.fifo", Message with { State = FleetAlarmState.Cleared, Id = "f" });
        (_, Dictionary<string, string> other) = await PublishAsync($"{Topic}.fifo", Message with { Rule = "p/c" });

        form["MessageDeduplicationId"].ShouldBe(Message.Id);
        form["MessageGroupId"].ShouldMatch("^[0-9a-f]{32}$");
        cleared["MessageGroupId"].ShouldBe(form["MessageGroupId"]);
        other["MessageGroupId"].ShouldNotBe(form["MessageGroupId"], StringComparer.Ordinal);
    }

    [Theory]
    [InlineData("THING00001: p/b raised", "THING00001: p/b raised")]
    [InlineData("", "Fleet alarm")]
    [InlineData("  \t ", "?")]
    [InlineData("Gerät 1\nzwei", "Ger?t 1?zwei")]
    [InlineData("\U0001F525 fire", "? fire")]
    public void A_subject_is_ASCII_on_one_line(string title, string subject) => SnsPublish.Subject(title).ShouldBe(subject);

    [Fact]
    public void A_subject_stays_below_100_characters()
    {
        SnsPublish.Subject(new string('x', 99)).ShouldBe(new string('x', 99));
        SnsPublish.Subject(new string('x', 100)).ShouldBe($"{new string('x', 96)}...");
    }

    // Quotes are what grows most when JSON is put into JSON.
    [Theory]
    [InlineData('"')]
    [InlineData('x')]
    [InlineData('\u4e00')]
    [InlineData('\u0001')]
    public async Task A_message_stays_within_the_256_KiB_of_a_topic(char filler)
    {
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(new string(filler, 2_500), TextContext.Default.String);
        AlarmMessage large = Message with
        {
            Rule = new string('r', 300),
            Count = AlarmMessage.MaxAlarms,
            Alarms = [.. Enumerable.Range(0, AlarmMessage.MaxAlarms).Select(n => Alarm.Of(n) with { Event = json })],
        };

        (_, Dictionary<string, string> form) = await PublishAsync(Topic, large);

        int attributes = Enumerable.Range(1, 5).Sum(i => Bytes(form[$"MessageAttributes.entry.{i}.Name"]) + Bytes(form[$"MessageAttributes.entry.{i}.Value.StringValue"]) + "String".Length);
        (Bytes(form["Message"]) + attributes).ShouldBeLessThanOrEqualTo(262_144);
        using JsonDocument structure = JsonDocument.Parse(form["Message"]);
        using JsonDocument body = JsonDocument.Parse(structure.RootElement.GetProperty("default").GetString()!);
        body.RootElement.GetProperty("count").GetInt32().ShouldBe(AlarmMessage.MaxAlarms);

        static int Bytes(string text) => Encoding.UTF8.GetByteCount(text);
    }

    [Theory]
    [InlineData("fleet-alarms")]
    [InlineData("arn:aws:sqs:eu-west-1:123456789012:fleet-alarms")]
    [InlineData("arn:aws:sns:eu-west-1:123456789012:")]
    [InlineData("arn:aws:sns:eu-west-1:123456789012:fleet-alarms:0f9e4c4b")]
    public void An_ARN_of_no_topic_is_refused(string arn)
    {
        using AwsClient client = Client(new StubHttpHandler(static _ => new HttpResponseMessage()));
        Should.Throw<ArgumentException>(() => new SnsAlarmSink(client, arn));
    }

    [Fact]
    public async Task A_refusal_of_SNS_is_an_error_with_its_code()
    {
        var http = new StubHttpHandler(static _ => new HttpResponseMessage(HttpStatusCode.NotFound)
        {
            Content = new StringContent("""<ErrorResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><Error><Type>Sender</Type><Code>NotFound</Code><Message>Topic does not exist</Message></Error><RequestId>r</RequestId></ErrorResponse>"""),
        });
        using AwsClient client = Client(http);

        AwsException e = await Should.ThrowAsync<AwsException>(() => new SnsAlarmSink(client, Topic).SendAsync(Message, Cancelled));

        (e.Code, e.IsTransient).ShouldBe(("NotFound", false));
        e.Message.ShouldContain("Topic does not exist");
    }

    private static async Task<(RecordedRequest Request, Dictionary<string, string> Form)> PublishAsync(string topic, AlarmMessage message)
    {
        var http = new StubHttpHandler(static _ => new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent("<PublishResponse/>") });
        using AwsClient client = Client(http);

        await new SnsAlarmSink(client, topic).SendAsync(message, Cancelled);

        RecordedRequest request = http.Requests.ShouldHaveSingleItem();
        System.Collections.Specialized.NameValueCollection form = HttpUtility.ParseQueryString(Encoding.UTF8.GetString(request.Body));
        return (request, form.AllKeys.ToDictionary(key => key!, key => form[key]!, StringComparer.Ordinal));
    }

    private static AwsClient Client(StubHttpHandler http) =>
        new(new AwsClientOptions { Service = SnsAlarmSink.Service, Region = "eu-west-1", Credentials = new BasicAWSCredentials("test", "test"), Transport = http, Retry = AwsRetryOptions.None });
}
