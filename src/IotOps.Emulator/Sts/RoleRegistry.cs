using System.Collections.Concurrent;
using IotOps.Emulator.Concurrency;

namespace IotOps.Emulator.Sts;

/// <summary>What is known of roles, and who assumed them. Thread-safe.</summary>
internal sealed class RoleRegistry
{
    private readonly ConcurrentDictionary<string, EmulatedRole> _roles = new(StringComparer.Ordinal);
    private readonly RecentItems<AssumeRoleCall> _calls = new(_ => 0);

    public void Set(EmulatedRole role) => _roles[role.Arn] = role;

    public EmulatedRole? Find(string arn) => _roles.GetValueOrDefault(arn);

    public void Add(AssumeRoleCall call) => _calls.Add(call);

    public IReadOnlyList<AssumeRoleCall> Calls() => _calls.Latest();
}
