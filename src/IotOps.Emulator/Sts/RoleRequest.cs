using IotOps.Emulator.Http;
using IotOps.Emulator.Signing;

namespace IotOps.Emulator.Sts;

/// <summary>A role that is to be assumed, and for how long.</summary>
/// <param name="RoleArn">As the caller gave it.</param>
/// <param name="Role">The same, read.</param>
/// <param name="Session">Name of the session.</param>
/// <param name="Seconds">Lifetime of the keys.</param>
internal sealed record RoleRequest(string RoleArn, RoleArn Role, string Session, int Seconds)
{
    private const int Most = 43_200;

    /// <exception cref="Refusal">A member is missing or out of its bounds.</exception>
    public static RoleRequest Read(QueryParameters form)
    {
        string roleArn = form.Find("RoleArn") ?? "";
        string session = form.Find("RoleSessionName") ?? "";
        if (Sts.RoleArn.Parse(roleArn) is not { } role)
        {
            throw new Refusal(400, "ValidationError", $"{roleArn} is invalid");
        }

        StsMembers.CheckName(session, "roleSessionName");
        if (form.Find("SourceIdentity") is { } source)
        {
            StsMembers.CheckName(source, "sourceIdentity");
        }

        return new RoleRequest(roleArn, role, session, StsMembers.Seconds(form, otherwise: 3_600, Most));
    }
}
