using System.Security.Cryptography;
using System.Text;
using IotOps.Aws;

namespace IotOps.Fleet;

/// <summary>
/// Starts an execution of a Step Functions state machine for each message, with the message as its input. The execution's name comes from the
/// message's key, so a message that is delivered again, also after a restart, does not run twice: Step Functions keeps names for 90 days. Needs
/// <c>states:StartExecution</c>. See https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html.
/// </summary>
public sealed class StartExecutionHandler : IMessageHandler
{
    /// <summary>Bytes that Step Functions takes as an input.</summary>
    public const int MaxInputBytes = 262_144;

    private readonly AwsClient _client;
    private readonly string _stateMachine;

    /// <param name="client">A client of <see cref="Service"/>; stays the caller's.</param>
    /// <param name="stateMachineArn">The state machine: a standard workflow. An express workflow starts again for each delivery.</param>
    public StartExecutionHandler(AwsClient client, string stateMachineArn)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentException.ThrowIfNullOrEmpty(stateMachineArn);
        _client = client;
        _stateMachine = stateMachineArn;
    }

    /// <summary>AWS Step Functions, for the client.</summary>
    public static AwsService Service { get; } = new("states", "states", "SFN");

    /// <summary>The execution's name for a key: letters, digits and a hyphen only, whatever the key has.</summary>
    public static string NameOf(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return $"iotops-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)))}";
    }

    /// <inheritdoc/>
    /// <exception cref="AwsException">Step Functions refused.</exception>
    /// <exception cref="ArgumentException">The message is longer than <see cref="MaxInputBytes"/>.</exception>
    public async Task HandleAsync(RoutedMessage message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (message.Json.Length > MaxInputBytes)
        {
            throw new ArgumentException($"The message has {message.Json.Length} bytes; Step Functions takes {MaxInputBytes} as an input.", nameof(message));
        }

        // Without a key every delivery is a message of its own.
        string name = NameOf(message.Key ?? Guid.NewGuid().ToString());
        AwsRequest request = AwsRequest.Json11("AWSStepFunctions.StartExecution", json =>
        {
            json.WriteString("stateMachineArn"u8, _stateMachine);
            json.WriteString("name"u8, name);
            json.WriteString("input"u8, message.Json.Span);
        });
        request = request with { Headers = [new("Content-Type", "application/x-amz-json-1.0"), new("X-Amz-Target", "AWSStepFunctions.StartExecution")] };
        try
        {
            await _client.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        catch (AwsException e) when (e.Code == "ExecutionAlreadyExists")
        {
            // It was started by an earlier delivery, and has ended or has another input by now.
        }
    }
}
