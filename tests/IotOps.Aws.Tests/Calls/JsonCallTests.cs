using System.Text.Json.Serialization;

namespace IotOps.Aws.Tests.Calls;

public sealed partial class JsonCallTests
{
    [Fact]
    public async Task A_typed_call_sends_and_reads_JSON()
    {
        using var fixture = new CallFixture(CallFixture.Ok("""{"name":"b"}"""));

        Named answer = await CallAsync(fixture);

        answer.Name.ShouldBe("b");
        fixture.Requests[0].Body.ShouldBe("""{"name":"a"}"""u8.ToArray());
        fixture.Requests[0].Header("X-Amz-Target").ShouldBe("Logs_20140328.Describe");
    }

    [Fact]
    public async Task An_empty_answer_is_an_empty_object()
    {
        using var fixture = new CallFixture(CallFixture.Ok(""));

        (await CallAsync(fixture)).Name.ShouldBeNull();
    }

    [Fact]
    public async Task An_answer_of_another_shape_is_tried_again()
    {
        using var fixture = new CallFixture(CallFixture.Ok("[1]"), CallFixture.Ok("""{"name":"b"}"""));

        (await CallAsync(fixture)).Name.ShouldBe("b");

        fixture.Requests.Count.ShouldBe(2);
    }

    private static Task<Named> CallAsync(CallFixture fixture) => fixture.Client.CallAsync(
        "Logs_20140328.Describe", new Named("a"), Json.Default.Named, Json.Default.Named);

    internal sealed record Named(string? Name);

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
    [JsonSerializable(typeof(Named))]
    private sealed partial class Json : JsonSerializerContext;
}
