using IotOps.Emulator.Sts;

namespace IotOps.Emulator;

/// <summary>The security token service. The keys it gives open every other service until they end. Thread-safe.</summary>
public sealed class EmulatedSts
{
    private readonly RoleRegistry _roles;

    internal EmulatedSts(RoleRegistry roles) => _roles = roles;

    /// <summary>The latest 10,000 roles that were assumed, oldest first; refusals are not among them.</summary>
    public IReadOnlyList<AssumeRoleCall> Requests => _roles.Calls();

    /// <summary>Says something about a role, or replaces what was said. One that nobody spoke of can be assumed by everybody.</summary>
    public void SetRole(EmulatedRole role)
    {
        ArgumentNullException.ThrowIfNull(role);
        ArgumentOutOfRangeException.ThrowIfLessThan(role.SessionTokenChars, 32, nameof(role));
        _roles.Set(role);
    }
}
