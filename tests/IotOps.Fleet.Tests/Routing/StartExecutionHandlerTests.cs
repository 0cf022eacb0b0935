using System.Net;
using System.Text;
using System.Text.Json;
using IotOps.Aws;

namespace IotOps.Fleet.Tests.Routing;

public sealed class StartExecutionHandlerTests : IDisposable
{
    private const string Machine = "arn:aws:states:eu-west-1:123456789012:stateMachine:respond";

    private readonly CloudStub _cloud = new(StartExecutionHandler.Service);

    public void Dispose() => _cloud.Dispose();

    [Fact]
    public async Task The_message_is_the_input_and_its_key_the_name()
    {
        Accept();

        await HandleAsync("""{"clientId":"a\"b"}""", "a/b:c #");

        JsonElement body = JsonElement.Parse(_cloud.Requests[0].Body);
        body.GetProperty("stateMachineArn").GetString().ShouldBe(Machine);
        body.GetProperty("input").GetString().ShouldBe("""{"clientId":"a\"b"}""");
        body.GetProperty("name").GetString()!.ShouldMatch("^[0-9A-Za-z_-]{1,80}$");
        _cloud.Requests[0].Header("X-Amz-Target").ShouldBe("AWSStepFunctions.StartExecution");
        _cloud.Requests[0].Header("Content-Type").ShouldBe("application/x-amz-json-1.0");
    }

    [Fact]
    public async Task A_repetition_has_the_same_name_and_a_message_without_a_key_one_of_its_own()
    {
        foreach (string? key in new[] { "k", "k", null, null })
        {
            Accept();
            await HandleAsync("{}", key);
        }

        string[] names = [.. _cloud.Requests.Select(request => JsonElement.Parse(request.Body).GetProperty("name").GetString()!)];
        names[1].ShouldBe(names[0]);
        names.Distinct(StringComparer.Ordinal).Count().ShouldBe(3);
    }

    [Fact]
    public async Task An_execution_that_is_there_already_is_no_error()
    {
        _cloud.Answer("""{"__type":"ExecutionAlreadyExists","message":"x"}""", HttpStatusCode.BadRequest);

        await HandleAsync("{}", "k");

        _cloud.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Any_other_refusal_fails_the_message()
    {
        _cloud.Answer("""{"__type":"StateMachineDoesNotExist","message":"x"}""", HttpStatusCode.BadRequest);

        (await Should.ThrowAsync<AwsException>(() => HandleAsync("{}", "k"))).Code.ShouldBe("StateMachineDoesNotExist");
    }

    [Fact]
    public async Task An_input_that_is_too_long_is_not_sent()
    {
        (await Should.ThrowAsync<ArgumentException>(() => HandleAsync($"{{\"a\":\"{new string('x', 262_144)}\"}}", "k"))).Message.ShouldStartWith("The message has 262152 bytes; Step Functions takes 262144");
        _cloud.Requests.ShouldBeEmpty();
    }

    private void Accept() => _cloud.Answer("""{"executionArn":"arn:x","startDate":1}""");

    private Task HandleAsync(string json, string? key) => new StartExecutionHandler(_cloud.Client, Machine)
        .HandleAsync(new RoutedMessage(RoutedMessageKind.RuleMessage, key, Encoding.UTF8.GetBytes(json)), TestContext.Current.CancellationToken);
}
