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
