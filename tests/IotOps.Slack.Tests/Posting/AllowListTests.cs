using System.Net;
using IotOps.TestKit;

namespace IotOps.Slack.Tests.Posting;

public sealed class AllowListTests
{
    [Theory]
    [InlineData("https://hooks.slack.com/commands/1/2", true)]
    [InlineData("https://HOOKS.slack.com/commands/1/2", true)]
    [InlineData("https://hooks.slack.com:443/commands/1/2", true)]
    [InlineData("https://hooks.slack-gov.com/commands/1/2", true)]
    [InlineData("http://hooks.slack.com/commands/1/2", false)]
    [InlineData("https://hooks.slack.com:8443/commands/1/2", false)]
    [InlineData("https://hooks.slack.com./commands/1/2", false)]
    [InlineData("https://hooks.slack.com.evil.example/commands/1/2", false)]
    [InlineData("https://evil.example/hooks.slack.com", false)]
    [InlineData("https://hooks.slack.com@evil.example/", false)]
    [InlineData("https://user@hooks.slack.com/commands/1/2", false)]
    [InlineData("https://xhooks.slack.com/", false)]
    [InlineData("https://slack.com/", false)]
    [InlineData("https://hооks.slack.com/", false)] // Cyrillic o
    [InlineData("https://127.0.0.1/", false)]
    [InlineData("http://127.0.0.1:8080/", false)]
    [InlineData("http://169.254.169.254/latest/meta-data/", false)]
    [InlineData("ftp://hooks.slack.com/", false)]
    [InlineData("file:///etc/passwd", false)]
    public void Only_Slacks_own_hosts_are_posted_to(string url, bool expected)
    {
        using var responder = new SlackResponder();
        responder.IsAllowed(new Uri(url)).ShouldBe(expected);
    }

    [Theory]
    [InlineData("127.0.0.1:8080", "http://127.0.0.1:8080/x", true)]
    [InlineData("127.0.0.1:8080", "https://127.0.0.1:8080/x", true)]
    [InlineData("127.0.0.1:8080", "http://127.0.0.1:8081/x", false)]
    [InlineData("localhost:8080", "http://localhost:8080/x", true)]
    [InlineData("[::1]:8080", "http://[::1]:8080/x", true)]
    [InlineData("proxy.example:8443", "https://proxy.example:8443/x", true)]
    [InlineData("proxy.example:8443", "http://proxy.example:8443/x", false)]
    [InlineData("10.0.0.1:8080", "http://10.0.0.1:8080/x", false)]
    public void A_listed_host_is_allowed_and_http_only_on_loopback(string host, string url, bool expected)
    {
        using var responder = new SlackResponder(new SlackResponderOptions { AllowedHosts = [host] });
        responder.IsAllowed(new Uri(url)).ShouldBe(expected);
        responder.IsAllowed(new Uri("https://hooks.slack.com/x")).ShouldBeFalse();
    }

    [Theory]
    [InlineData("http://127.0.0.1:4566/x", true)]
    [InlineData("https://localhost:1/x", true)]
    [InlineData("http://user@127.0.0.1/x", false)]
    [InlineData("http://10.0.0.1/x", false)]
    [InlineData("https://hooks.slack.com/x", true)]
    public void A_test_may_allow_this_machine_whatever_the_port(string url, bool expected)
    {
        using var responder = new SlackResponder(new SlackResponderOptions { AllowLoopback = true });
        responder.IsAllowed(new Uri(url)).ShouldBe(expected);
    }

    [Theory]
    [InlineData("")]
    [InlineData("https://hooks.slack.com")]
    [InlineData("hooks.slack.com/commands")]
    [InlineData("user@hooks.slack.com")]
    [InlineData("*.slack.com")]
    public void A_list_holds_hosts_and_nothing_else(string host) =>
        Should.Throw<ArgumentException>(() => new SlackResponder(new SlackResponderOptions { AllowedHosts = [host] }));

    [Fact]
    public void Nothing_is_sent_elsewhere_and_the_refusal_keeps_the_path_to_itself()
    {
        using var slack = new StubHttpHandler(_ => new HttpResponseMessage(HttpStatusCode.OK));
        using var responder = new SlackResponder(new SlackResponderOptions { Handler = slack });
        ArgumentException refusal = Should.Throw<ArgumentException>(() => responder.Open(new Uri("https://evil.example/s3cr3t"), TimeProvider.System.GetUtcNow()));
        refusal.Message.ShouldContain("evil.example");
        refusal.ToString().ShouldNotContain("s3cr3t");
        slack.Requests.ShouldBeEmpty();
    }
}
