using IotOps.SlackExport.Lambda;

namespace Microsoft.Extensions.Hosting;

/// <summary>Runs the Slack command that exports logs as an AWS Lambda function.</summary>
public static class IotOpsSlackExportHostExtensions
{
    private const string RuntimeApiVariable = "AWS_LAMBDA_RUNTIME_API";

    /// <summary>
    /// Starts the host and answers the events of a Lambda function behind a Function URL or an API Gateway, one after the other, until the host is asked to
    /// stop. Besides the command, <c>POST /slack/interactivity</c> and <c>GET /health</c> are answered. The next event is requested when the
    /// work behind an answer has finished, because Lambda freezes the process then. The host is disposed at the end.
    /// See <see href="https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html"/>.
    /// </summary>
    /// <param name="host">A host with <c>AddIotOpsSlackExport</c>.</param>
    /// <param name="commandPath">The path of the slash command's Request URL.</param>
    /// <param name="cancellationToken">Asks the host to stop.</param>
    /// <exception cref="InvalidOperationException">The process is not a Lambda function, or <c>AddIotOpsSlackExport</c> was not called.</exception>
    /// <exception cref="HttpRequestException">Lambda's runtime API is gone; the process is to end.</exception>
    public static Task RunSlackLambdaAsync(this IHost host, string commandPath = "/slack/iot-log", CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(host);
        ArgumentException.ThrowIfNullOrEmpty(commandPath);
        return Environment.GetEnvironmentVariable(RuntimeApiVariable) is { Length: > 0 } runtimeApi
            ? LambdaHost.RunAsync(host, runtimeApi, commandPath, cancellationToken)
            : throw new InvalidOperationException($"{RuntimeApiVariable} is not set: AWS Lambda sets it. Elsewhere map the command into a web host.");
    }
}
