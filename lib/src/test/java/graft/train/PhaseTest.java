package graft.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import graft.InputException;
import graft.Small;
import org.junit.jupiter.api.Test;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;

class PhaseTest {
    private static <T> T stub(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    @Test
    void whatWasOpenedIsClosedWhenTheRestCannotBe() {
        List<String> asked = new ArrayList<>();
        Inputs inputs = stub(Inputs.class, (self, method, arguments) -> {
            asked.add("inputs." + method.getName());
            return null;
        });
        Trainee trainee = stub(Trainee.class, (self, method, arguments) -> {
            asked.add(method.getName());
            return switch (method.getName()) {
                case "cut" -> 0;
                case "inputs" -> inputs;
                default -> throw new InputException("no network");
            };
        });
        assertThrows(InputException.class, () -> new Phase(Small.recipe(), trainee, 0, List.of(), new Position(), note -> { }));
        assertEquals(List.of("cut", "inputs", "description", "inputs.close"), asked);
    }
}
