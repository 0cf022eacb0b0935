using Amazon.Runtime;
using IotOps.TestKit;

namespace IotOps.Aws.Tests.Signing;

/// <summary>Signed URIs for MQTT over WebSocket.</summary>
public sealed class IotWebSocketUriTests
{
    private const string Endpoint = "a1b2c3-ats.iot.eu-west-1.amazonaws.com";

    private readonly ManualTimeProvider _time = new();

    [Fact]
    public async Task It_names_the_gateway_and_the_region_and_is_signed_with_the_time_of_its_making()
    {
        using var uris = new IotWebSocketUri(new BasicAWSCredentials("AKIDEXAMPLE", "secret"), "eu-west-1", Endpoint, _time);
        Uri first = await uris.CreateAsync();
        _time.Advance(TimeSpan.FromMinutes(1));
        Uri second = await uris.CreateAsync();

        first.GetLeftPart(UriPartial.Path).ShouldBe($"wss://{Endpoint}/mqtt");
        first.Query.ShouldContain("X-Amz-Credential=AKIDEXAMPLE%2F20231001%2Feu-west-1%2Fiotdevicegateway%2Faws4_request");
        first.Query.ShouldContain("X-Amz-Date=20231001T120000Z");
        second.Query.ShouldContain("X-Amz-Date=20231001T120100Z");
        first.Query.ShouldNotContain("secret");
    }

    [Fact]
    public async Task A_session_token_follows_the_signature_and_is_no_part_of_it()
    {
        using var uris = new IotWebSocketUri(new SessionAWSCredentials("AKIDEXAMPLE", "secret", "token/+="), "eu-west-1", Endpoint, _time);
        using var without = new IotWebSocketUri(new BasicAWSCredentials("AKIDEXAMPLE", "secret"), "eu-west-1", Endpoint, _time);

        string query = (await without.CreateAsync()).Query + "&X-Amz-Security-Token=token%2F%2B%3D";
        (await uris.CreateAsync()).Query.ShouldBe(query);
    }

    [Fact]
    public async Task A_port_is_signed_as_part_of_the_host()
    {
        using var uris = new IotWebSocketUri(new BasicAWSCredentials("AKIDEXAMPLE", "secret"), "eu-west-1", new Uri("ws://localhost:8080/other"), _time);
        using var other = new IotWebSocketUri(new BasicAWSCredentials("AKIDEXAMPLE", "secret"), "eu-west-1", new Uri("ws://localhost:8081"), _time);
        Uri uri = await uris.CreateAsync();

        uri.GetLeftPart(UriPartial.Path).ShouldBe("ws://localhost:8080/mqtt");
        string elsewhere = (await other.CreateAsync()).Query;
        (uri.Query == elsewhere).ShouldBeFalse();
    }

    [Theory]
    [InlineData("wss://host")]
    [InlineData("host:443")]
    [InlineData("host/mqtt")]
    public void An_endpoint_that_is_not_a_name_is_refused(string endpoint) =>
        Should.Throw<ArgumentException>(() => new IotWebSocketUri(new BasicAWSCredentials("a", "b"), "eu-west-1", endpoint));
}
