#pragma warning disable MA0048 // One user and one target for each way to use a type: together they read as a table.
#pragma warning disable CS0649 // Nothing runs them.
namespace IotOps.HouseTests.FolderSamples;

internal class BaseTarget;

internal sealed class BaseUser : BaseTarget;

internal interface InterfaceTarget;

internal sealed class InterfaceUser : InterfaceTarget;

internal interface ConstraintTarget;

internal sealed class ConstraintUser<T>
    where T : ConstraintTarget
{
    public T? Value { get; init; }
}

internal sealed class FieldTarget;

internal sealed class FieldUser
{
    public FieldTarget? Value;
}

internal sealed class ParameterTarget;

internal abstract class ParameterUser
{
    public abstract void Take(IReadOnlyList<ParameterTarget[]> values);
}

[AttributeUsage(AttributeTargets.Method)]
internal sealed class AttributeTarget : Attribute
{
    public Type? Type { get; init; }
}

internal abstract class AttributeUser
{
    [AttributeTarget]
    public abstract void Marked();
}

internal sealed class TypeofTarget;

[System.Diagnostics.DebuggerTypeProxy(typeof(TypeofTarget))]
internal sealed class TypeofUser;

internal sealed class CaughtTarget : Exception;

internal static class CaughtUser
{
    public static void Run(Action action)
    {
        try
        {
            action();
        }
        catch (CaughtTarget)
        {
            action();
        }
    }
}

internal static class CallTarget
{
    public static int Count(string text) => text.Length;
}

internal static class CallUser
{
    // A lambda and an async method become types of their own; the switch is the one instruction of variable length.
    public static Func<string, Task<int>> Counter(int kind) => async text =>
    {
        await Task.Yield();
        return kind switch
        {
            0 => 10,
            1 => 8,
            2 => 6,
            3 => 4,
            4 => 2,
            _ => CallTarget.Count(text),
        };
    };
}

internal sealed class ArgumentTarget;

internal static class ArgumentUser
{
    public static int Count(IEnumerable<object> values) => values.OfType<ArgumentTarget>().Count();
}

internal sealed class CheckTarget;

internal static class CheckUser
{
    public static bool Check(object value) => value is CheckTarget;
}
