using IotOps.Logs.Tail;

namespace IotOps.Logs.Tests.Tail;

public sealed class StreamTemplateTests
{
    private static readonly DateTimeOffset FirstSeen = new(2023, 10, 1, 23, 0, 0, TimeSpan.FromHours(-3));

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("{thing}/{date}", "room+7/2023-10-02")]
    [InlineData("{file}", "a+b.log")]
    [InlineData("{{{file}}}", "{a+b.log}")]
    [InlineData("a}b", "a}b")]
    public void Tokens_of_a_stream_are_filled_in(string template, string expected) =>
        StreamTemplate.ForStream(template, "room:7").Expand("/var/log/a*b.log", FirstSeen).ShouldBe(expected);

    [Fact]
    public void Tokens_of_a_group_take_the_characters_a_group_may_have() =>
        StreamTemplate.ForGroup("fleet/{thing}", "room:7+").Expand("/x", FirstSeen).ShouldBe("fleet/room_7_");

    [Fact]
    public void The_host_and_the_environment_are_known()
    {
        Environment.SetEnvironmentVariable("IOTOPS_TEST_SITE", "north");
        StreamTemplate.ForStream("{env:IOTOPS_TEST_SITE}-{hostname}", null).Expand("/x", FirstSeen).ShouldBe("north-" + Environment.MachineName);
    }

    [Theory]
    [InlineData("{nope}", "unknown token '{nope}'")]
    [InlineData("{thing}", "no thing name")]
    [InlineData("{env:IOTOPS_TEST_MISSING}", "IOTOPS_TEST_MISSING")]
    [InlineData("a{b", "without a '}'")]
    [InlineData("a:b", "':'")]
    [InlineData("", "1 to 512")]
    public void A_stream_that_cannot_be_is_refused(string template, string reason) =>
        Should.Throw<ArgumentException>(() => StreamTemplate.ForStream(template, null)).Message.ShouldContain(reason);

    [Theory]
    [InlineData("a b", "' '")]
    [InlineData("aws/x", "aws/")]
    public void A_group_that_cannot_be_is_refused(string template, string reason) =>
        Should.Throw<ArgumentException>(() => StreamTemplate.ForGroup(template, null)).Message.ShouldContain(reason);

    [Fact]
    public void A_name_that_a_token_makes_too_long_is_cut() =>
        StreamTemplate.ForStream("{thing}{thing}{thing}", new string('x', 200)).Expand("/x", FirstSeen).Length.ShouldBe(512);
}
