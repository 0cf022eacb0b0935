using System.Globalization;
using System.Net;
using Amazon.Runtime;
using IotOps.Aws.Calls;
using IotOps.Shared;

namespace IotOps.Aws.Credentials;

/// <summary>One request to the AWS IoT credentials provider, and what its answers mean.</summary>
internal sealed class IotCredentialsEndpoint(IotCredentialsProviderOptions options, Func<HttpMessageHandler> connect)
{
    private const string ServiceName = "iot-credentials";
    private const string OperationName = "AssumeRoleWithCertificate";
    private const string WhatToCheck = "Check the network, the endpoint, and that the certificate is active in AWS IoT and the CA file holds the endpoint's root.";
    private const int LongestAnswer = 64 * 1024;

    private readonly Uri _uri = new(options.Endpoint, $"/role-aliases/{options.RoleAlias}/credentials");

    public async Task<IotCredentials> FetchAsync()
    {
        using var timeout = new CancellationTokenSource(options.Timeout, options.TimeProvider);
        try
        {
            // Once in a while only, and each time with the certificate as it is on disk then: so no connection is kept.
            using var http = new HttpClient(connect()) { Timeout = Timeout.InfiniteTimeSpan, MaxResponseContentBufferSize = LongestAnswer };
            using var request = new HttpRequestMessage(HttpMethod.Get, _uri);
            if (options.ThingName is { } thing)
            {
                request.Headers.TryAddWithoutValidation("x-amzn-iot-thingname", thing);
            }

            using HttpResponseMessage response = await http.SendAsync(request, timeout.Token).ConfigureAwait(false);
            byte[] body = await response.Content.ReadAsByteArrayAsync(timeout.Token).ConfigureAwait(false);
            return response.IsSuccessStatusCode ? Read(response, body) : throw Refused(response, body);
        }
        catch (OperationCanceledException e)
        {
            throw Unreachable($"no answer within {options.Timeout.TotalSeconds.ToString(CultureInfo.InvariantCulture)} s. {WhatToCheck}", e);
        }
        catch (HttpRequestException e)
        {
            throw Unreachable(ServerCertificateException.In(e)?.Message ?? $"{InnermostMessage(e)}. {WhatToCheck}", e);
        }
        catch (DeviceCertificateException e)
        {
            throw new AwsException(e.Message, e) { Service = ServiceName, Operation = OperationName, Code = "CertificateUnusable" };
        }
    }

    private IotCredentials Read(HttpResponseMessage response, byte[] body)
    {
        if (IotCredentialsAnswer.Read(body) is not { AccessKeyId: { Length: > 0 } id, SecretAccessKey: { Length: > 0 } secret, SessionToken: { Length: > 0 } token, Expiration: { } expiration })
        {
            throw new AwsException($"{_uri} answered HTTP {(int)response.StatusCode} without credentials in it. Is this the credentials endpoint (…credentials.iot…)?")
            {
                Service = ServiceName,
                Operation = OperationName,
                Code = AwsFailures.InvalidAnswer,
                StatusCode = HttpStatusCode.BadGateway,
                IsTransient = true,
            };
        }

        TimeSpan lifetime = expiration - (response.Headers.Date ?? options.TimeProvider.GetUtcNow());
        return lifetime > TimeSpan.Zero
            ? new IotCredentials(new ImmutableCredentials(id, secret, token), lifetime)
            : throw new AwsException($"{_uri} gave credentials that expired at {expiration:O} already.")
            {
                Service = ServiceName,
                Operation = OperationName,
                Code = "ExpiredToken",
                IsTransient = true,
            };
    }

    private AwsException Refused(HttpResponseMessage response, byte[] body)
    {
        var error = AwsErrorBody.Read(response.StatusCode, AwsMessage.Value(response.Headers, "x-amzn-ErrorType"), body);
        string said = string.IsNullOrWhiteSpace(error.Message) ? string.Empty : $": {error.Message.Trim().TrimEnd('.')}";
        string advice = IotCredentialsAdvice.For((int)response.StatusCode, error.Message ?? string.Empty, options);
        return new AwsException(
            $"{_uri.Host} gives no credentials for role alias {options.RoleAlias}: {error.Code} (HTTP {(int)response.StatusCode}){said}. {advice}")
        {
            Service = ServiceName,
            Operation = OperationName,
            Code = error.Code,
            StatusCode = response.StatusCode,
            RequestId = AwsMessage.RequestId(response.Headers),
            IsTransient = AwsErrorClass.IsTransient(response.StatusCode, error.Code),
        };
    }

    private AwsException Unreachable(string why, Exception cause) =>
        new($"{_uri.Authority} could not be asked for credentials: {why}", cause)
        {
            Service = ServiceName,
            Operation = OperationName,
            Code = AwsFailures.NetworkError,
            IsTransient = true,
        };

    private static string InnermostMessage(Exception cause)
    {
        while (cause.InnerException is { } inner)
        {
            cause = inner;
        }

        return cause.Message.TrimEnd('.');
    }
}
