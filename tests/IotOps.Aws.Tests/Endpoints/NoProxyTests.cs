using System.Net;

namespace IotOps.Aws.Tests.Endpoints;

public sealed class NoProxyTests
{
    private static readonly WebProxy Proxy = new("http://proxy:3128");

    [Theory]
    [InlineData("127.0.0.0/8", "http://127.0.0.1:9000")]
    [InlineData("fd00::/8", "http://[fd00::1]/")]
    [InlineData("127.0.0.1", "http://127.0.0.1:9000")]
    [InlineData("amazonaws.com", "https://logs.us-east-1.amazonaws.com")]
    [InlineData(".amazonaws.com", "https://logs.us-east-1.amazonaws.com")]
    [InlineData("*.amazonaws.com", "https://logs.us-east-1.amazonaws.com")]
    [InlineData("LOGS.us-east-1.amazonaws.com", "https://logs.us-east-1.amazonaws.com")]
    [InlineData("a, amazonaws.com ", "https://logs.us-east-1.amazonaws.com")]
    [InlineData("*", "https://logs.us-east-1.amazonaws.com")]
    [InlineData("emulator:8080", "http://emulator:8080")]
    [InlineData("127.0.0.1:8080", "http://127.0.0.1:8080")]
    public void What_is_listed_goes_without_the_proxy(string hosts, string uri)
    {
        IWebProxy proxy = AwsProxy.FromEnvironment(Proxy, AwsEndpointTests.Environment(("NO_PROXY", hosts)));

        proxy.IsBypassed(new Uri(uri)).ShouldBeTrue();
        proxy.GetProxy(new Uri(uri)).ShouldBeNull();
    }

    [Theory]
    [InlineData("10.0.0.0/8", "http://127.0.0.1:9000")]
    [InlineData("127.0.0.1:8080", "http://127.0.0.1:81")]
    [InlineData("emulator:8080", "http://emulator:81")]
    [InlineData("azonaws.com", "https://logs.us-east-1.amazonaws.com")]
    [InlineData("amazonaws.com", "https://amazonaws.com.example")]
    [InlineData("127.0.0.0/8", "https://localhost.example")]
    [InlineData(" , .,", "https://localhost.example")]
    public void What_is_not_goes_through_it(string hosts, string uri)
    {
        IWebProxy proxy = AwsProxy.FromEnvironment(Proxy, AwsEndpointTests.Environment(("no_proxy", hosts)));

        proxy.IsBypassed(new Uri(uri)).ShouldBeFalse();
        proxy.GetProxy(new Uri(uri)).ShouldBe(new Uri("http://proxy:3128"));
    }

    [Fact]
    public void Without_the_variable_the_proxy_decides() =>
        AwsProxy.FromEnvironment(Proxy, AwsEndpointTests.Environment()).ShouldBeSameAs(Proxy);
}
