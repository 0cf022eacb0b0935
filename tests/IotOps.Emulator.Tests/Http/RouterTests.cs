using System.Net;
using IotOps.Emulator.Http;
using Microsoft.AspNetCore.Http;

namespace IotOps.Emulator.Tests.Http;

public sealed class RouterTests
{
    [Fact]
    public async Task A_request_goes_to_the_first_service_that_it_is_for()
    {
        var other = new FakeEndpoint(isFor: false);
        var first = new FakeEndpoint(isFor: true);
        var second = new FakeEndpoint(isFor: true);
        var router = new Router([other, first, second]);

        await router.HandleAsync(new DefaultHttpContext());

        (other.Handled, first.Handled, second.Handled).ShouldBe((0, 1, 0));
    }

    [Fact]
    public async Task A_target_of_no_service_is_refused_by_its_name()
    {
        await using AwsEmulator emulator = await AwsEmulator.StartAsync();
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, emulator.Endpoint);
        request.Headers.Add("X-Amz-Target", "Nobody_20200101.DoNothing");

        using HttpResponseMessage answer = await http.SendAsync(request);

        answer.StatusCode.ShouldBe(HttpStatusCode.NotImplemented);
        (await answer.Content.ReadAsStringAsync()).ShouldBe(
            """{"__type":"NotImplementedException","message":"The emulator has no operation \u0027Nobody_20200101.DoNothing\u0027."}""");
    }

    [Theory]
    [InlineData("lambda", null, "application/json", "{\"message\":\"The emulator has no service \\u0027lambda\\u0027; it has batch, cloudtrail, iot, iotdata, iotdevicegateway, logs, s3, sqs, sts.\"}")]
    [InlineData("dynamodb", "DynamoDB_20120810.ListTables", "application/x-amz-json-1.0", "NotImplementedException")]
    [InlineData("sns", null, "application/x-www-form-urlencoded", "<Code>NotImplementedException</Code>")]
    public async Task A_service_that_is_not_there_is_refused_by_its_name_in_its_protocol(string service, string? target, string contentType, string expected)
    {
        await using AwsEmulator emulator = await AwsEmulator.StartAsync();
        using var http = new HttpClient();
        byte[] body = "{}"u8.ToArray();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(emulator.Endpoint, "2015-03-31/functions")) { Content = new ByteArrayContent(body) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        if (target is not null)
        {
            request.Headers.Add("X-Amz-Target", target);
        }

        new TestSigner(emulator.AccessKeyId, emulator.SecretAccessKey, "us-east-1", service).Sign(request, body, TimeProvider.System.GetUtcNow());

        using HttpResponseMessage answer = await http.SendAsync(request);

        answer.StatusCode.ShouldBe(HttpStatusCode.NotImplemented);
        (await answer.Content.ReadAsStringAsync()).ShouldContain(expected);
    }

    [Fact]
    public async Task Whoever_waits_for_it_asks_for_its_health_without_a_signature()
    {
        await using AwsEmulator emulator = await AwsEmulator.StartAsync();
        using var http = new HttpClient();

        string answer = await http.GetStringAsync(new Uri(emulator.Endpoint, "_emulator/health"));

        answer.ShouldBe("""{"status":"up","services":["batch","cloudtrail","iot","iotdata","iotdevicegateway","logs","s3","sqs","sts"]}""");
    }

    [Theory]
    [InlineData("mqtt")]
    [InlineData("api/things/shadow/ListNamedShadowsForThing/thing")]
    [InlineData("v1/submitjob")]
    [InlineData("_emulator/slacker")]
    public async Task A_path_alone_does_not_take_a_request_from_S3(string path)
    {
        await using AwsEmulator emulator = await AwsEmulator.StartAsync();
        using var http = new HttpClient();

        using HttpResponseMessage answer = await http.GetAsync(new Uri(emulator.Endpoint, path));

        answer.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("<Code>AccessDenied</Code>");
    }

    private sealed class FakeEndpoint(bool isFor) : IEndpoint
    {
        public int Handled { get; private set; }

        public bool IsFor(HttpContext context) => isFor;

        public Task HandleAsync(HttpContext context)
        {
            Handled++;
            return Task.CompletedTask;
        }
    }
}
