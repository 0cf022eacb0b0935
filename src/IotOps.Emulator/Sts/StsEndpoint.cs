using System.Text;
using System.Xml;
using IotOps.Emulator.Faults;
using IotOps.Emulator.Http;
using IotOps.Emulator.Signing;
using Microsoft.AspNetCore.Http;

namespace IotOps.Emulator.Sts;

/// <summary>
/// The security token service: temporary keys for a role. Query protocol, version 2011-06-15.
/// See https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html.
/// </summary>
internal sealed class StsEndpoint(RoleRegistry roles, KeyRing keys, SignatureVerifier verifier, FaultInjector faults, EmulatorOptions options) : IEndpoint
{
    private const int MaxBodyBytes = 64 << 10;

    private static readonly SignatureErrors Errors = SignatureErrors.Json("sts");

    /// <summary>Whether a request is for this service; the scope of its signature says so.</summary>
    public bool IsFor(HttpContext context) =>
        context.Request.Headers.Authorization.ToString().Contains("/sts/aws4_request", StringComparison.Ordinal);

    public async Task HandleAsync(HttpContext context)
    {
        try
        {
            using PooledBuffer body = await RequestBody.ReadAsync(context.Request, MaxBodyBytes, context.RequestAborted).ConfigureAwait(false);
            VerifiedSignature signature = Verify(context, body);
            keys.TryFind(signature.Claim.AccessKeyId, out AccessKey? caller);
            var form = new QueryParameters(Encoding.UTF8.GetString(body.Span));
            await ExecuteAsync(context, caller!, form).ConfigureAwait(false);
        }
        catch (Refusal refusal)
        {
            await StsAnswer.WriteAsync(context, refusal).ConfigureAwait(false);
        }
    }

    private async Task ExecuteAsync(HttpContext context, AccessKey caller, QueryParameters form)
    {
        string operation = form.Find("Action") ?? "";
        string? roleArn = form.Find("RoleArn");
        Fault? fault = faults.Take(new FaultRequest { Operation = operation, RoleArn = roleArn });
        if (fault is not null && !await InjectedFault.BeforeAsync(fault, context, options.TimeProvider).ConfigureAwait(false))
        {
            return;
        }

        Action<XmlWriter> result = operation switch
        {
            "AssumeRole" => Write(AssumeRole(caller, form), roleArn!, form.Find("RoleSessionName")!),
            "GetCallerIdentity" => Identity(caller),
            _ => throw new Refusal(400, "InvalidAction", $"The emulator's STS has no operation '{operation}'."),
        };
        await StsAnswer.WriteAsync(context, operation, result, InjectedFault.BytesLetThrough(fault)).ConfigureAwait(false);
    }

    private AccessKey AssumeRole(AccessKey caller, QueryParameters form)
    {
        string roleArn = form.Find("RoleArn") ?? "";
        string session = form.Find("RoleSessionName") ?? "";
        if (RoleArn.Parse(roleArn) is not { } role)
        {
            throw new Refusal(400, "ValidationError", $"{roleArn} is invalid");
        }

        if (session.Length is < 2 or > 64 || !session.All(c => char.IsAsciiLetterOrDigit(c) || "_+=,.@-".Contains(c, StringComparison.Ordinal)))
        {
            throw new Refusal(400, "ValidationError", $"1 validation error detected: Value '{session}' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*");
        }

        int seconds = int.TryParse(form.Find("DurationSeconds") ?? "3600", out int asked) ? asked : 0;
        if (seconds is < 900 or > 43_200)
        {
            throw new Refusal(400, "ValidationError", $"1 validation error detected: Value '{seconds}' at 'durationSeconds' failed to satisfy constraint: Member must have value between 900 and 43200");
        }

        string identity = CallerArn(caller);
        EmulatedRole? known = roles.Find(roleArn);
        if (known is { CanBeAssumed: false } || (known?.ExternalId is { } wanted && wanted != form.Find("ExternalId")))
        {
            throw new Refusal(403, "AccessDenied", $"User: {identity} is not authorized to perform: sts:AssumeRole on resource: {roleArn}");
        }

        if (caller.SessionToken is not null && seconds > 3_600)
        {
            throw new Refusal(400, "ValidationError", "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.");
        }

        if (seconds > (known?.MaxSessionDuration ?? TimeSpan.FromHours(12)).TotalSeconds)
        {
            throw new Refusal(400, "ValidationError", "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.");
        }

        AccessKey key = TemporaryKey.Issue(keys, options.TimeProvider, TimeSpan.FromSeconds(seconds), role.SessionArn(session), $"{role.Id}:{session}");
        roles.Add(new AssumeRoleCall { RoleArn = roleArn, RoleSessionName = session, CallerArn = identity, ExpiresAt = key.Expires!.Value });
        return key;
    }

    private static Action<XmlWriter> Write(AccessKey key, string roleArn, string session) => xml =>
    {
        xml.WriteStartElement("Credentials");
        xml.WriteElementString("AccessKeyId", key.Id);
        xml.WriteElementString("SecretAccessKey", key.Secret);
        xml.WriteElementString("SessionToken", key.SessionToken);
        xml.WriteElementString("Expiration", key.Expires!.Value.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'"));
        xml.WriteEndElement();
        xml.WriteStartElement("AssumedRoleUser");
        xml.WriteElementString("AssumedRoleId", $"{RoleArn.Parse(roleArn)!.Id}:{session}");
        xml.WriteElementString("Arn", key.CallerArn);
        xml.WriteEndElement();
    };

    private Action<XmlWriter> Identity(AccessKey caller) => xml =>
    {
        string arn = CallerArn(caller);
        xml.WriteElementString("Arn", arn);
        xml.WriteElementString("UserId", caller.CallerId ?? caller.Id);
        xml.WriteElementString("Account", arn.Split(':')[4]);
    };

    private string CallerArn(AccessKey key) => key.CallerArn ?? $"arn:aws:iam::{options.AccountId}:user/emulator";

    // STS answers 403 where the JSON services answer 400, and has names of its own for two of the refusals.
    private VerifiedSignature Verify(HttpContext context, PooledBuffer body)
    {
        try
        {
            return verifier.VerifyJson(context.Request, RequestTarget.Of(context), Errors, body.Span);
        }
        catch (Refusal refusal)
        {
            throw new Refusal(403, refusal.Code switch
            {
                "UnrecognizedClientException" => "InvalidClientTokenId",
                "InvalidSignatureException" => "SignatureDoesNotMatch",
                "ExpiredTokenException" => "ExpiredToken",
                "MissingAuthenticationTokenException" => "MissingAuthenticationToken",
                "IncompleteSignatureException" => "IncompleteSignature",
                string other => other,
            }, refusal.Message);
        }
    }
}
