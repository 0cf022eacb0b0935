using System.Buffers;
using System.Text.Json;
using IotOps.Emulator.Faults;
using IotOps.Emulator.Http;
using IotOps.Emulator.Signing;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;

namespace IotOps.Emulator.Iot;

/// <summary>
/// The credentials provider: temporary keys for a device certificate.
/// See https://docs.aws.amazon.com/iot/latest/developerguide/authorizing-direct-aws.html.
/// </summary>
internal sealed class CredentialsEndpoint(IotRegistry registry, KeyRing keys, FaultInjector faults, TimeProvider timeProvider) : IEndpoint
{
    private const string ContentType = "application/json";
    private const string Prefix = "/role-aliases/";
    private const string Suffix = "/credentials";

    /// <summary>True for the TLS port, which serves nothing else.</summary>
    public bool IsFor(HttpContext context) => context.Request.IsHttps;

    public async Task HandleAsync(HttpContext context)
    {
        string path = context.Request.Path.Value ?? "";
        bool isRoleAlias = HttpMethods.IsGet(context.Request.Method)
            && path.StartsWith(Prefix, StringComparison.Ordinal)
            && path.EndsWith(Suffix, StringComparison.Ordinal)
            && path.Length > Prefix.Length + Suffix.Length;
        string alias = isRoleAlias ? path[Prefix.Length..^Suffix.Length] : "";
        CredentialsCall call = Describe(context, alias);
        try
        {
            if (!isRoleAlias)
            {
                throw new Refusal(404, "ResourceNotFoundException", "Not Found");
            }

            Fault? fault = faults.Take(new FaultRequest { Operation = "AssumeRoleWithCertificate", RoleAlias = alias });
            if (fault is not null && !await InjectedFault.BeforeAsync(fault, context, timeProvider).ConfigureAwait(false))
            {
                return;
            }

            ReadOnlyMemory<byte> body = Write(Issue(call));
            registry.Add(call);
            await JsonAnswer.WriteAsync(context, 200, body, InjectedFault.BytesLetThrough(fault), ContentType).ConfigureAwait(false);
        }
        catch (Refusal refusal)
        {
            registry.Add(call with { Status = refusal.Status });
            await RestJsonError.WriteAsync(context, refusal).ConfigureAwait(false);
        }
    }

    private CredentialsCall Describe(HttpContext context, string alias)
    {
        string? thingName = context.Request.Headers["x-amzn-iot-thingname"];
        return new CredentialsCall
        {
            RoleAlias = alias,
            CertificateThing = context.Connection.ClientCertificate is { } certificate ? registry.ThingOf(CertificateAuthority.Id(certificate)) : null,
            ThingName = thingName,
            ServerName = context.Features.Get<ITlsHandshakeFeature>()?.HostName is { Length: > 0 } name ? name : null,
            Status = 200,
            ReceivedAt = timeProvider.GetUtcNow(),
        };
    }

    // In the order in which AWS was seen to check.
    private AccessKey Issue(CredentialsCall call)
    {
        if (call.ServerName is null || call.CertificateThing is not { } thing)
        {
            throw new Refusal(403, "AccessDeniedException", "Certificate is invalid on this endpoint");
        }

        if (call.ThingName is not null && call.ThingName != thing)
        {
            throw new Refusal(403, "AccessDeniedException", "Invalid thing name passed");
        }

        RoleAlias? alias = registry.FindAlias(call.RoleAlias);
        if (alias?.AllowedThings?.Contains(thing, StringComparer.Ordinal) == false)
        {
            throw new Refusal(403, "AccessDeniedException", "Access Denied");
        }

        return alias switch
        {
            null => throw new Refusal(404, "ResourceNotFoundException", "Role alias does not exist"),
            { RoleCanBeAssumed: false } =>
                throw new Refusal(400, "InvalidRequestException", "Unable to assume the role, or the role to assume does not exist"),
            _ when alias.CredentialDuration > alias.MaxSessionDuration =>
                throw new Refusal(400, "InvalidRequestException", "The requested CredentialDurationSeconds exceeds the MaxSessionDuration set for the role"),
            _ => TemporaryKey.Issue(keys, timeProvider, alias.CredentialDuration),
        };
    }

    private static ReadOnlyMemory<byte> Write(AccessKey key)
    {
        var body = new ArrayBufferWriter<byte>(512);
        using var json = new Utf8JsonWriter(body);
        json.WriteStartObject();
        json.WriteStartObject("credentials"u8);
        json.WriteString("accessKeyId"u8, key.Id);
        json.WriteString("secretAccessKey"u8, key.Secret);
        json.WriteString("sessionToken"u8, key.SessionToken);
        json.WriteString("expiration"u8, key.Expires!.Value.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'"));
        json.WriteEndObject();
        json.WriteEndObject();
        json.Flush();
        return body.WrittenMemory;
    }
}
