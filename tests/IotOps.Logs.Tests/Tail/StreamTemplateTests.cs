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
        StreamTemplate.ForStream("{env:IOTOPS_TEST_SITE}-{hostname}", null).Expand("/x", FirstSeen).ShouldBe("north-" + System.Net.Dns.GetHostName());
    }

    [Fact]
    public void The_name_of_a_host_is_whole()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux says its own name there.");
        StreamTemplate.ForStream("{hostname}", null).Expand("/x", FirstSeen).ShouldBe(File.ReadAllText("/proc/sys/kernel/hostname").Trim());
    }

    [Fact]
    public void A_token_that_is_empty_is_refused_as_one_that_is_not_set_is()
    {
        Environment.SetEnvironmentVariable("IOTOPS_TEST_EMPTY", "");
        Should.Throw<ArgumentException>(() => StreamTemplate.ForStream("{env:IOTOPS_TEST_EMPTY}", null)).Message.ShouldContain("IOTOPS_TEST_EMPTY");
        Should.Throw<ArgumentException>(() => StreamTemplate.ForStream("{thing}", "")).Message.ShouldContain("thing");
    }

    [Fact]
    public void A_group_that_a_token_makes_impossible_is_refused()
    {
        Environment.SetEnvironmentVariable("IOTOPS_TEST_AWS", "aws/x");
        Should.Throw<ArgumentException>(() => StreamTemplate.ForGroup("{env:IOTOPS_TEST_AWS}", null)).Message.ShouldContain("aws/");
        Should.Throw<ArgumentException>(() => StreamTemplate.ForGroup("{thing}/x", "aws")).Message.ShouldContain("aws/");
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
