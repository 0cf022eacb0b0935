using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace IotOps.Shared;

/// <summary>An array that never moves, for loops that go by pointer. It lives as long as this object does: who keeps the pointer keeps this.</summary>
internal sealed unsafe class PinnedTable<T>
    where T : unmanaged
{
    private readonly T[] _items;

    public PinnedTable(int length)
    {
        _items = GC.AllocateArray<T>(length, pinned: true);
        Pointer = (T*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_items));
    }

    public T* Pointer { get; }

    public Span<T> Span => _items;
}
